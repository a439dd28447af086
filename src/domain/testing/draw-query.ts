import fc from 'fast-check';
import type {
  AggregateFilter,
  Field,
  FieldExpression,
  Hint,
  MathOperand,
  Metrics,
  PipelineQuery,
  Query,
  SecondStage,
  Spanset,
  Stage,
  Static,
} from '#domain/traceql/ast.ts';
import { MIN_INT } from '#domain/traceql/literals.ts';
import { INTRINSICS, KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';

const at = { from: 0, to: 0 };
const ORDER = ['=', '!=', '<', '<=', '>', '>='] as const;

/** Text with what queries are made of: quotes, escapes, comment ends, key terminators, other scripts. */
export function anyText(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    '"',
    '\\',
    '*/',
    '//',
    '`',
    ' ',
    '\n',
    '\t',
    '.',
    '{',
    '}',
    '(',
    ')',
    '=',
    '%2F',
    '%',
    'é',
    '中',
    '\u2028',
    '\u0085',
    '😀',
  );
  return fc
    .array(fc.oneof(piece, fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 5 })
    .map(parts => parts.join(''));
}

function anyKey(): fc.Arbitrary<string> {
  const plain = fc.stringMatching(/^[a-z_][a-z0-9_.\-/+]{0,12}$/);
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    anyText().filter(s => s !== ''),
  );
}

/** An attribute or intrinsic that a query may name. */
export function anyField(): fc.Arbitrary<Field> {
  const scope = fc.constantFrom('any', 'span', 'resource', 'event', 'link', 'instrumentation', 'baggage', 'parent');
  const attribute = fc
    .record({ type: fc.constant('attribute' as const), scope, key: anyKey() })
    .map(f => ({ ...f, ...at }) as Field);
  const intrinsic = fc
    .constantFrom(...INTRINSICS)
    .map(([written, name]): Field => ({ type: 'intrinsic', name, written, ...at }));
  return fc.oneof(attribute, intrinsic);
}

export function anyStatic(): fc.Arbitrary<Static> {
  return fc.oneof(
    anyText().map((value): Static => ({ type: 'string', value })),
    fc.bigInt({ min: MIN_INT, max: -MIN_INT - 1n }).map((value): Static => ({ type: 'int', value })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value): Static => ({ type: 'float', value })),
    fc.bigInt({ min: MIN_INT + 1n, max: -MIN_INT - 1n }).map((ns): Static => ({ type: 'duration', ns })),
    fc.boolean().map((value): Static => ({ type: 'bool', value })),
    fc.constantFrom(...STATUS_NAMES).map((value): Static => ({ type: 'status', value })),
    fc.constantFrom(...KIND_NAMES).map((value): Static => ({ type: 'kind', value })),
    fc.constant<Static>({ type: 'nil' }),
  );
}

export function anyExpression(depth = 3): fc.Arbitrary<FieldExpression> {
  const leaf: fc.Arbitrary<FieldExpression> = fc.oneof(
    anyField(),
    anyStatic().map((value): FieldExpression => ({ type: 'static', value, ...at })),
  );
  if (depth === 0) return leaf;
  const inner = anyExpression(depth - 1);
  const unary = fc.record({ op: fc.constantFrom('!' as const, '-' as const), operand: inner }).map(
    ({ op, operand }): FieldExpression =>
      // A minus before a number is part of the number.
      op === '-' && operand.type === 'static' ? operand : { type: 'unary', op, operand, ...at },
  );
  const binary = fc
    .record({ op: fc.constantFrom(...ORDER, '=~', '!~', '+', '-', '*', '/', '%', '^'), left: inner, right: inner })
    .map(b => ({ type: 'binary', ...b, ...at }) as FieldExpression);
  const logical = fc
    .record({
      op: fc.constantFrom('&&' as const, '||' as const),
      operands: fc.array(inner, { minLength: 2, maxLength: 4 }),
    })
    .map((l): FieldExpression => ({ type: 'logical', ...l, ...at }));
  return fc.oneof(leaf, unary, binary, logical);
}

function anyAggregate(): fc.Arbitrary<AggregateFilter> {
  return fc
    .record({
      fn: fc.constantFrom('count', 'avg', 'min', 'max', 'sum'),
      expr: anyExpression(1),
      op: fc.constantFrom(...ORDER),
      value: anyStatic(),
    })
    .map(a => ({ type: 'aggregate', ...a, expr: a.fn === 'count' ? undefined : a.expr, ...at }) as AggregateFilter);
}

function anyFilter(): fc.Arbitrary<Spanset> {
  return fc.option(anyExpression(), { nil: undefined }).map((expr): Spanset => ({ type: 'filter', expr, ...at }));
}

export function anySpanset(depth = 2): fc.Arbitrary<Spanset> {
  const leaf = fc.oneof({ weight: 4, arbitrary: anyFilter() }, anyAggregate());
  if (depth === 0) return leaf;
  const inner = anySpanset(depth - 1);
  const pipe: fc.Arbitrary<Spanset> = fc
    .tuple(leaf, fc.array(anyLaterStage(0), { minLength: 1, maxLength: 2 }))
    .map(([first, later]): Spanset => ({ type: 'pipeline', stages: [first, ...later], ...at }));
  const operands = fc.oneof(fc.array(inner, { minLength: 2, maxLength: 3 }), fc.tuple(pipe, inner));
  const combination = fc
    .record({ op: fc.constantFrom('&&' as const, '||' as const), operands })
    .map((c): Spanset => ({ type: 'combination', ...c, ...at }));
  const structure = fc
    .record({
      relation: fc.constantFrom('>', '>>', '<', '<<', '~'),
      mode: fc.constantFrom('right', 'negated', 'union'),
      left: inner,
      right: inner,
    })
    .map(s => ({ type: 'structure', ...s, ...at }) as Spanset);
  return fc.oneof(leaf, combination, structure);
}

function anyLaterStage(depth = 1): fc.Arbitrary<Stage> {
  return fc.oneof(
    anySpanset(depth),
    anyExpression(1).map((expr): Stage => ({ type: 'by', expr, ...at })),
    fc.constant<Stage>({ type: 'coalesce', ...at }),
    fc.array(anyField(), { minLength: 1, maxLength: 3 }).map((fields): Stage => ({ type: 'select', fields, ...at })),
  );
}

function anyMetrics(): fc.Arbitrary<Metrics> {
  const by = fc.array(anyField(), { maxLength: 3 });
  const field = anyField();
  return fc
    .oneof(
      fc.record({ fn: fc.constantFrom('rate', 'count_over_time'), by }),
      fc.record({ fn: fc.constantFrom('min_over_time', 'avg_over_time', 'histogram_over_time'), field, by }),
      fc.record({
        fn: fc.constant('quantile_over_time'),
        field,
        quantiles: fc.array(
          fc.double({ min: 0, max: 1, noNaN: true }).map(q => q || 0),
          { minLength: 1, maxLength: 3 },
        ),
        by,
      }),
      fc.record({
        fn: fc.constant('compare'),
        selection: anyFilter(),
        topN: fc.constant(5),
        window: fc.option(fc.constant({ startNs: 10n, endNs: 20n }), { nil: undefined }),
        by,
      }),
    )
    .map(m => ({ ...m, ...at }) as Metrics);
}

function anySecond(): fc.Arbitrary<readonly SecondStage[]> {
  const top = fc.record({ type: fc.constantFrom('topk' as const, 'bottomk' as const), n: fc.nat(99) });
  const cmp = fc.record({ type: fc.constant('compare' as const), op: fc.constantFrom(...ORDER), value: anyStatic() });
  return fc.array(fc.oneof(top, cmp), { maxLength: 2 });
}

function anyPipeline(metrics: boolean): fc.Arbitrary<PipelineQuery> {
  return fc
    .record({
      first: fc.oneof(
        anySpanset(),
        anyExpression(1).map((expr): Stage => ({ type: 'by', expr, ...at })),
      ),
      later: fc.array(anyLaterStage(), { maxLength: 2 }),
      metrics: metrics ? anyMetrics() : fc.constant(undefined),
      second: metrics ? anySecond() : fc.constant([]),
    })
    .map(
      (q): PipelineQuery => ({ type: 'pipeline', stages: [q.first, ...q.later], metrics: q.metrics, second: q.second }),
    );
}

/** Any query that the parser could give, places zero. For property tests. */
export function anyQuery(): fc.Arbitrary<Query> {
  const metrics: fc.Arbitrary<MathOperand> = anyPipeline(true);
  const number = anyStatic().map((value): MathOperand => ({ type: 'number', value }));
  const op = fc.constantFrom('+', '-', '*', '/');
  const math = (left: fc.Arbitrary<MathOperand>) =>
    fc.record({
      type: fc.constant('math'),
      op,
      left,
      right: fc.oneof(metrics, number),
      second: anySecond(),
    }) as fc.Arbitrary<MathOperand>;
  const body = fc.oneof(anyPipeline(false), anyPipeline(true), math(metrics), math(math(metrics))) as fc.Arbitrary<
    Query['body']
  >;
  const hint: fc.Arbitrary<Hint> = fc.record({
    name: fc.constantFrom('most_recent', 'exemplars', 'nope'),
    value: anyStatic(),
  });
  return fc.record({ body, hints: fc.array(hint, { maxLength: 2 }) });
}

/** The value with every place in it set to zero, for comparing trees. */
export function withoutPlaces<T>(tree: T): T {
  if (Array.isArray(tree)) return tree.map(withoutPlaces) as T;
  if (tree === null || typeof tree !== 'object') return tree;
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    key === 'from' || key === 'to' ? 0 : withoutPlaces(value),
  ]);
  return Object.fromEntries(entries) as T;
}
