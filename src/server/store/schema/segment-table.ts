/** The per-segment tables. */
export type SegmentTable =
  | 'spans'
  | 'attr_values'
  | 'resources'
  | 'scopes'
  | 'events'
  | 'links'
  | 'fragments'
  | 'blocks';

export const segmentTables: readonly SegmentTable[] = [
  'spans',
  'attr_values',
  'resources',
  'scopes',
  'events',
  'links',
  'fragments',
  'blocks',
];

/** Name of a table of segment `id`; ids are our own small integers, so the name is safe to put into SQL. */
export function segmentTable(table: SegmentTable, id: number): string {
  return `${table}_${id}`;
}

const BUILDING = 'building_';

/** Its name while compaction fills it. What is found under such a name at start was never finished. */
export function buildingTable(table: SegmentTable, id: number): string {
  return `${BUILDING}${segmentTable(table, id)}`;
}

export function isBuildingTable(name: string): boolean {
  return name.startsWith(BUILDING);
}

/**
 * `attr_values.scope`: where an attribute stood. `sampling` stands among the attributes of a span that was sampled: `num` is
 * the number of spans that it stands for.
 */
export const AttrScope = {
  span: 0,
  resource: 1,
  event: 2,
  link: 3,
  instrumentation: 4,
  baggage: 5,
  sampling: 6,
} as const;

/** `attr_values.type` */
export const AttrType = { empty: 0, string: 1, bool: 2, int: 3, double: 4, bytes: 5, list: 6, map: 7 } as const;
