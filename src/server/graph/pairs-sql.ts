import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import type { SharedIdsSql } from './shared-ids.ts';

const { client, consumer, producer, server } = SpanKind;
export const ASKS = `(${client}, ${producer})`;
export const TAKES = `(${server}, ${consumer})`;
export const FAILED = `status = ${StatusCode.error}`;

/** A table of spans `s`, and conditions on them. */
export interface SpansSql {
  readonly spans: string;
  readonly where: string;
  /** Whether they say who their parent is: then only those whose parent lies elsewhere are joined. */
  readonly knowParents: boolean;
}

export const SPAN_COLUMNS = ['row_id', 'trace_id', 'start_ns', 'duration_ns', 'service', 'status'];
const ALL_COLUMNS = [...SPAN_COLUMNS, 'span_id', 'parent_span_id', 'kind'].map(column => `s.${column}`).join(', ');

/** What `pairs` and `linked` tell of a child `c` and its parent `p`. */
export const OF_BOTH = `c.row_id as c_row, p.row_id as p_row, c.service as callee, p.service as caller, c.kind as c_kind,
  p.kind as p_kind, c.start_ns, c.duration_ns, greatest(c.start_ns - p.start_ns - p.duration_ns, 0) as queue_ns,
  c.${FAILED} as c_failed, p.${FAILED} as p_failed, c.trace_id, c.parent_span_id = 0 as is_root,
  c.service <> p.service or (p.kind in ${ASKS} and c.kind in ${TAKES}) as is_call`;

const OF_STORED = `s.row_id as c_row, s.parent_row as p_row, s.service as callee, s.parent_service as caller, s.kind as c_kind,
  s.parent_kind as p_kind, s.start_ns, s.duration_ns, s.queue_ns, s.${FAILED} as c_failed, s.parent_${FAILED} as p_failed,
  s.trace_id, false as is_root,
  s.service <> s.parent_service or (s.parent_kind in ${ASKS} and s.kind in ${TAKES}) as is_call`;

const IS_TOLD = `(c.service <> p.service or c.kind in ${TAKES} or (c.kind in ${ASKS} and p.kind in ${ASKS}))`;

/** A child stands directly below its parent. */
const BELOW = 'c.trace_id = p.trace_id and c.parent_span_id = p.span_id and c.row_id <> p.row_id';

/**
 * Tables of who called whom, to stand after `with`:
 *
 *     pool   all spans
 *     near   children and parents among the spans that do not say who their parent is; none unless others do say it
 *     far    spans whose parent was not met there, beside it wherever it is; NULL for all of the parent where there is none
 *            here, which no comparison lets through
 *     met    near and far
 *     pairs  all children that have a parent; p_row is told of producers, and of those in `met`
 *
 * Spans of one service under one another are no calls and may be left out, unless they tell which of them was answered.
 */
export function pairsSql(
  parts: readonly SpansSql[],
  shared: SharedIdsSql | undefined,
  caller: string | undefined,
): readonly string[] {
  const stored = parts.filter(({ knowParents }) => knowParents);
  const isOf = (service: string) => (caller === undefined ? 'true' : `${service} = ${caller}`);
  return [
    `pool as not materialized (${union(parts.map(ofSpans))})`,
    ...(shared?.ctes ?? []),
    ...(stored.length === 0 ? joinedSql(shared, isOf('p.service')) : joinedBesideStoredSql(parts, isOf('p.service'))),
    `pairs as not materialized (${union([
      `from met where caller is not null and ${isOf('caller')}`,
      ...stored.map(
        ({ spans, where }) =>
          `select ${OF_STORED} from ${spans} where ${where} and s.parent_kind is not null and ${isOf('s.parent_service')}`,
      ),
    ])})`,
  ];
}

const ofSpans = ({ spans, where }: SpansSql) => `select ${ALL_COLUMNS} from ${spans} where ${where}`;
const union = (selects: readonly string[]) => selects.join('\nunion all\n');

function joinedSql(shared: SharedIdsSql | undefined, isOf: string): readonly string[] {
  const both = (tables: string) => `select ${OF_BOTH} from ${tables} where ${IS_TOLD} and ${isOf}`;
  const halves = shared === undefined ? [] : [both(shared.halves)];
  const all = both(`${shared?.children ?? 'pool'} c left join ${shared?.parents ?? 'pool'} p on ${BELOW}`);
  return [`far as materialized (${union([all, ...halves])})`, 'met as not materialized (from far)'];
}

function joinedBesideStoredSql(parts: readonly SpansSql[], isOf: string): readonly string[] {
  const unsaid = parts.filter(({ knowParents }) => !knowParents).map(ofSpans);
  const orphans = parts
    .filter(({ knowParents }) => knowParents)
    .map(part => `${ofSpans(part)} and s.parent_kind is null and s.parent_span_id <> 0`);
  const none = 'select * from pool where false';
  return [
    `unsaid as not materialized (${union(unsaid.length === 0 ? [none] : unsaid)})`,
    `near as materialized (select ${OF_BOTH} from unsaid c join unsaid p on ${BELOW})`,
    `strays as materialized (${union([
      'select s.* from unsaid s anti join near n on n.c_row = s.row_id where s.parent_span_id <> 0',
      ...orphans,
    ])})`,
    // There are few of them: the pool is narrowed to their traces before it is joined.
    `far as materialized (select ${OF_BOTH} from strays c
       left join (from pool where trace_id in (select trace_id from strays)) p on ${BELOW} where ${IS_TOLD} and ${isOf})`,
    'met as not materialized (from near union all from far)',
  ];
}
