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

/**
 * Tables of who called whom, to stand after `with`:
 *
 *     pool    all spans
 *     sought  the spans whose parent is not stored with them, beside it; NULL for all of the parent where there is none here,
 *             which no comparison lets through
 *     pairs   all children that have a parent; p_row is told of producers, and of those in `sought`
 *
 * Spans of one service under one another are no calls and stay out, unless they tell which of them was answered.
 */
export function pairsSql(
  parts: readonly SpansSql[],
  shared: SharedIdsSql | undefined,
  caller: string | undefined,
): readonly string[] {
  const stored = parts.filter(({ knowParents }) => knowParents);
  const pool = parts.map(({ spans, where }) => `select ${ALL_COLUMNS} from ${spans} where ${where}`);
  const seekers = parts.map(
    ({ spans, where, knowParents }) =>
      `select ${ALL_COLUMNS} from ${spans} where ${where}${knowParents ? ' and s.parent_kind is null and s.parent_span_id <> 0' : ''}`,
  );
  const isTold = (child: string, parent: string) =>
    `(${child}service <> ${parent}service or ${child}kind in ${TAKES} or (${child}kind in ${ASKS} and ${parent}kind in ${ASKS}))${
      caller === undefined ? '' : ` and ${parent}service = ${caller}`
    }`;
  const children = shared?.children ?? 'seekers';
  const near = stored.length === 0 ? 'pool' : '(from pool where trace_id in (select trace_id from seekers))';
  return [
    `pool as not materialized (${pool.join('\nunion all\n')})`,
    `seekers as not materialized (${seekers.join('\nunion all\n')})`,
    ...(shared?.ctes ?? []),
    `sought as materialized (
       select ${OF_BOTH} from ${children} c left join ${shared?.parents ?? near} p
         on c.trace_id = p.trace_id and c.parent_span_id = p.span_id and c.row_id <> p.row_id
       where ${isTold('c.', 'p.')}
       ${shared === undefined ? '' : `union all select ${OF_BOTH} from ${shared.halves} where ${isTold('c.', 'p.')}`})`,
    `pairs as not materialized (${[
      'from sought where caller is not null',
      ...stored.map(
        ({ spans, where }) =>
          `select ${OF_STORED} from ${spans} where ${where} and s.parent_kind is not null and ${isTold('s.', 's.parent_')}`,
      ),
    ].join('\nunion all\n')})`,
  ];
}
