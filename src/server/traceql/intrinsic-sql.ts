import type { CompareOp, IntrinsicField, Static } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import { compareValues, type Value, valueOfStatic } from '#domain/traceql/run/value.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { numberSql, textSql } from './compare-sql.ts';
import { type FilterScope, spansElsewhere } from './filter-scope.ts';
import { ALWAYS, type Among, ANYWHERE, exactly, NEVER, type Predicate, roughly, UNKNOWN } from './predicate.ts';

/** Spans whose intrinsic compares with a constant other than nil. */
export async function compileIntrinsic(
  field: IntrinsicField,
  op: CompareOp,
  value: Static,
  scope: FilterScope,
): Promise<Predicate> {
  const { sql, segment, segments } = scope;
  const owner = (column: string) =>
    exactly(
      `coalesce(s.scope_id in (select id from ${segmentTable('scopes', segment.id)} where ${textSql(column, op, value, sql)}), false)`,
    );
  switch (field.name) {
    case 'name':
      return exactly(textSql('s.name', op, value, sql));
    case 'statusMessage':
      return exactly(textSql('s.status_message', op, value, sql));
    case 'duration':
      return exactly(numberSql('s.duration_ns', op, value));
    case 'status':
      return value.type === 'status' ? equality('s.status', op, STATUS_NAMES.indexOf(value.value)) : NEVER;
    case 'kind':
      return value.type === 'kind' ? equality('s.kind', op, KIND_NAMES.indexOf(value.value)) : NEVER;
    case 'trace:id':
      return compileTraceId('s.trace_id', op, value);
    case 'span:id':
      return exactly(textSql(hexOf('s.span_id'), op, value, sql));
    case 'span:parentID':
      return exactly(`(s.parent_span_id <> 0 and ${textSql(hexOf('s.parent_span_id'), op, value, sql)})`);
    case 'nestedSetParent':
      return compileNestedSetParent(op, value);
    case 'instrumentation:name':
      return owner('name');
    case 'instrumentation:version':
      return owner('version');
    case 'event:name':
      return exactly(
        `s.row_id in (select row_id from ${segmentTable('events', segment.id)} where ${textSql('name', op, value, sql)})`,
      );
    case 'event:timeSinceStart':
      return roughly(exactly(`s.row_id in (select row_id from ${segmentTable('events', segment.id)})`));
    case 'link:spanID':
      return exactly(
        `s.row_id in (select row_id from ${segmentTable('links', segment.id)} where ${textSql(hexOf('span_id'), op, value, sql)})`,
      );
    case 'link:traceID': {
      const condition = compileTraceId('trace_id', op, value);
      return condition.constant === undefined
        ? exactly(
            `s.row_id in (select row_id from ${segmentTable('links', segment.id)} where ${condition.text(ANYWHERE)})`,
          )
        : condition;
    }
    case 'rootName':
    case 'rootServiceName':
      return compileRoot(field.name === 'rootName' ? 'name' : 'service', op, value, scope);
    case 'traceDuration': {
      if (op !== '>' && op !== '>=') return UNKNOWN;
      const all = ({ traces }: Among) =>
        segments
          .map(({ id }) => `select trace_id, start_ns, duration_ns from ${segmentTable('spans', id)}${traces}`)
          .join(' union all ');
      const long = numberSql('(max(start_ns + duration_ns) - min(start_ns))', op, value);
      return roughly(
        exactly(among => `s.trace_id in (select trace_id from (${all(among)}) group by trace_id having ${long})`),
      );
    }
    default:
      return UNKNOWN;
  }
}

function equality(column: string, op: CompareOp, number: number): Predicate {
  return op === '=' || op === '!=' ? exactly(`${column} ${op === '=' ? '=' : '<>'} ${number}`) : NEVER;
}

function hexOf(column: string): string {
  return `lpad(lower(to_hex(${column})), 16, '0')`;
}

/** Padded or stripped; other comparisons than equality are left to the evaluation. */
function compileTraceId(column: string, op: CompareOp, value: Static): Predicate {
  if (value.type !== 'string') return NEVER;
  if (op !== '=' && op !== '!=') return UNKNOWN;
  if (!/^[0-9a-f]{1,32}$/.test(value.value)) return op === '=' ? NEVER : ALWAYS;
  return exactly(`${column} ${op === '=' ? '=' : '<>'} ${BigInt(`0x${value.value}`)}::uhugeint`);
}

/** Roots are -1; inner numbers are 0 and more and not known in SQL. */
function compileNestedSetParent(op: CompareOp, value: Static): Predicate {
  const constant: Value = valueOfStatic(value);
  const root = compareValues(op, -1n, constant);
  if (
    root &&
    !compareValues(op, 0n, constant) &&
    !compareValues(op, 1n, constant) &&
    !compareValues(op, 1_000_000_000n, constant)
  ) {
    return exactly('s.parent_span_id = 0');
  }
  return root ? UNKNOWN : roughly(exactly('s.parent_span_id <> 0'));
}

/** Traces with a root that compares. Of several roots the last one counts, and a trace without has "". */
function compileRoot(column: string, op: CompareOp, value: Static, { sql, segments }: FilterScope): Predicate {
  if (value.type !== 'string' || op === '=~' || op === '!~') return UNKNOWN;
  if (compareValues(op, '', value.value)) return UNKNOWN;
  const isRoot = exactly(`(s.parent_span_id = 0 and ${textSql(`s.${column}`, op, value, sql)})`);
  return roughly(spansElsewhere(segments.map(({ id }) => [id, isRoot])));
}
