import { INTRINSICS } from '#domain/traceql/names.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import type { Predicate } from '#server/traceql/predicate.ts';
import { SqlBuilder } from '#server/traceql/sql-params.ts';
import { narrowingPredicate } from './narrowing.ts';
import { answering, searchRange } from './search.ts';
import type { Answer } from './search-types.ts';

export const TAG_SCOPES = ['resource', 'span', 'intrinsic', 'event', 'link', 'instrumentation', 'baggage'] as const;
export type TagScopeName = (typeof TAG_SCOPES)[number];

export interface TagsArgs {
  /** Undefined: all of Tempo's; `baggage` is ours and has to be asked for. */
  readonly scope: TagScopeName | undefined;
  readonly q: string;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  /** Names per scope; 0 for all. */
  readonly limit: number;
}

export interface TagScopeAnswer {
  readonly name: TagScopeName;
  readonly tags: readonly string[];
}

/** Attribute names by scope, sorted; scopes without any are left out. */
export async function tags(context: QueryContext, args: TagsArgs): Promise<Answer<readonly TagScopeAnswer[]>> {
  return answering(async () => {
    const { segments, startNs, endNs } = searchRange(context, args);
    const sql = new SqlBuilder(context);
    const wanted = args.scope === undefined ? TAG_SCOPES.filter(s => s !== 'baggage') : [args.scope];
    const names = new Map<TagScopeName, Set<string>>(wanted.map(scope => [scope, new Set()]));
    for (const segment of segments) {
      const predicate = await narrowingPredicate(args.q, sql, segment, segments);
      if (predicate?.constant === false) continue;
      const time = `start_ns <= ${endNs} and start_ns + duration_ns >= ${startNs}`;
      for (const scope of wanted) {
        if (scope === 'intrinsic') continue;
        for (const name of await keysOf(sql, segment, scope, predicate, time)) names.get(scope)?.add(name);
      }
    }
    if (names.has('intrinsic')) names.set('intrinsic', new Set(LISTED_INTRINSICS));
    return [...names].flatMap(([name, set]) => {
      const sorted = [...set].sort();
      return sorted.length === 0 ? [] : [{ name, tags: args.limit > 0 ? sorted.slice(0, args.limit) : sorted }];
    });
  });
}

/** As Tempo lists them: nested-set numbers and the child count are no choices for a filter. */
const LISTED_INTRINSICS = [...INTRINSICS.keys()].filter(
  name => !name.startsWith('nestedSet') && name !== 'parent' && name !== 'span:childCount',
);

async function keysOf(
  sql: SqlBuilder,
  segment: SegmentRef,
  scope: Exclude<TagScopeName, 'intrinsic'>,
  predicate: Predicate | undefined,
  time: string,
): Promise<readonly string[]> {
  const values = segmentTable('attr_values', segment.id);
  const ofScope = `scope = ${AttrScope[scope]}`;
  if (predicate === undefined) {
    const { key } = await sql.columns(`select distinct key from ${values} where ${ofScope}`);
    return (key ?? []) as string[];
  }
  const spans = `${segmentTable('spans', segment.id)} s where ${time} and ${predicate.text({ rows: ` where ${time}`, traces: '' })}`;
  const { key } = await sql.columns(
    `select distinct key from ${values} where ${ofScope} and id in (${idsOf(segment, scope, spans)})`,
  );
  const found = (key ?? []) as string[];
  if (scope !== 'span' || segment.promoted.size === 0) return found;
  const promoted = [...segment.promoted];
  const counts = promoted.map(([, column]) => `count(s.${column}) > 0 as ${column}`).join(', ');
  const [row] = await sql.rows(`select ${counts} from ${spans}`);
  return [...found, ...promoted.flatMap(([name, column]) => (row?.[column] === true ? [name] : []))];
}

/** Ids of the attribute values that the spans (`<table> s where …`) carry in a scope, promoted columns aside. */
export function idsOf(segment: SegmentRef, scope: Exclude<TagScopeName, 'intrinsic'>, spans: string): string {
  const owned = (table: string, column: string) =>
    `select unnest(attrs) from ${table} where id in (select distinct s.${column} from ${spans})`;
  const child = (table: string) => `select unnest(attrs) from ${table} where row_id in (select s.row_id from ${spans})`;
  switch (scope) {
    case 'span':
      return `select unnest(s.attrs) from ${spans}`;
    case 'baggage':
      return `select unnest(s.baggage) from ${spans}`;
    case 'resource':
      return owned(segmentTable('resources', segment.id), 'resource_id');
    case 'instrumentation':
      return owned(segmentTable('scopes', segment.id), 'scope_id');
    case 'event':
      return child(segmentTable('events', segment.id));
    case 'link':
      return child(segmentTable('links', segment.id));
  }
}
