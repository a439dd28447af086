import type { QueryContext } from '#server/store/query-context.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';

const MEMORY_KEY = 'facets';
const MAX_KEPT = 256;
const EVER_NS = 2n ** 62n;

/** The answer to a statement, as long as the segments that it reads hold as many spans as then. */
export async function remembered<T>(
  context: QueryContext,
  sql: SqlBuilder,
  statement: string,
  work: () => Promise<T>,
): Promise<T> {
  const kept = (context.memory.get(MEMORY_KEY) ?? new Map()) as Map<string, unknown>;
  context.memory.set(MEMORY_KEY, kept);
  const read = new Set([...statement.matchAll(/_(\d+)\b/g)].map(([, id]) => Number(id)));
  const versions = context
    .segments(0n, EVER_NS)
    .filter(({ id }) => read.has(id))
    .map(({ id, spanCount }) => `${id}:${spanCount}`);
  const key = `${versions.join(' ')}\n${sql.keyOf(statement)}`;
  if (kept.has(key)) return kept.get(key) as T;
  const answer = await work();
  // The oldest goes.
  if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(key, answer);
  return answer;
}
