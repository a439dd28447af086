import type { QueryContext } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';

/** Of attributes that say the weight themselves: Honeycomb's, of its samplers. */
const WEIGHT_KEY = 'SampleRate';

/**
 * How many spans each span `s` of a segment stands for, as SQL of type DOUBLE; undefined where no span of it says so. A
 * span that says nothing stands for itself.
 */
export async function weightSql(context: QueryContext, segment: number): Promise<string | undefined> {
  const c = await context.columns(
    `select id, num from ${segmentTable('attr_values', segment)} where scope = ${AttrScope.sampling}
       or (scope = ${AttrScope.span} and key = '${WEIGHT_KEY}' and type in (${AttrType.int}, ${AttrType.double}) and num >= 1)`,
  );
  const ids = (c.id ?? []) as number[];
  if (ids.length === 0) return undefined;
  const weights = ids.map((id, i) => `when list_contains(s.attrs, ${id}) then ${c.num[i]}`);
  return `(case ${weights.join(' ')} else 1 end)::double`;
}
