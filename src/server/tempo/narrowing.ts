import type { FieldExpression } from '#domain/traceql/ast.ts';
import { lex } from '#domain/traceql/lexer.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { compileFilter } from '#server/traceql/filter-sql.ts';
import { ALWAYS, type Predicate } from '#server/traceql/predicate.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';

/**
 * The condition by which `q` narrows tag names and values: that of one pair of braces. Text that is being typed counts up to
 * where it stops making sense (`{ span.a = "x" && span.b = ` by its first part); other queries narrow nothing.
 */
export function narrowingCondition(q: string): FieldExpression | undefined {
  const whole = conditionOf(q);
  if (whole !== 'broken') return whole;
  const open = q.indexOf('{');
  if (open === -1) return undefined;
  // Cut at the last && that still leaves a sound filter; few tries are enough for what a person types.
  let end = q.length;
  for (let tries = 0; tries < 8; tries++) {
    end = q.lastIndexOf('&&', end - 1);
    if (end <= open) return undefined;
    const part = conditionOf(closed(q.slice(open, end)));
    if (part !== 'broken') return part;
  }
  return undefined;
}

/** Closes the parentheses and braces that are open at the end of the text. */
function closed(text: string): string {
  const lexed = lex(text);
  if (!lexed.ok) return text;
  const open: string[] = [];
  for (const token of lexed.value.tokens) {
    if (token.kind !== 'operator') continue;
    if (token.text === '(' || token.text === '{') open.push(token.text === '(' ? ')' : '}');
    else if (token.text === ')' || token.text === '}') open.pop();
  }
  return `${text} ${open.reverse().join('')}`;
}

function conditionOf(q: string): FieldExpression | undefined | 'broken' {
  const read = readQuery(q);
  if (!read.ok) return 'broken';
  const { body } = read.value;
  if (body.type !== 'pipeline' || body.stages[0].type !== 'filter') return undefined;
  return body.stages[0].expr;
}

/** The condition as SQL, or undefined where it narrows nothing. What SQL cannot tell exactly narrows less. */
export async function narrowingPredicate(
  q: string,
  sql: SqlBuilder,
  segment: SegmentRef,
  segments: readonly SegmentRef[],
): Promise<Predicate | undefined> {
  const expr = q === '' ? undefined : narrowingCondition(q);
  if (expr === undefined) return undefined;
  const predicate = await compileFilter(expr, { sql, segment, segments });
  return predicate === ALWAYS ? undefined : predicate;
}
