import { pathRowsOf, pathShares } from '#domain/analysis/path-shares.ts';
import type { Repeats } from '#domain/analysis/repeats.ts';
import type { TreeShape } from '#domain/analysis/tree-shape.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { NO_SERVICE } from '#domain/trace/span-names.ts';
import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';
import { skewFinding } from './clock-finding.ts';
import { damageOf } from './damage.ts';
import { operationName, serviceName } from './names.ts';
import type { PathPieces } from './path-steps.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Something worth knowing about a trace, as a sentence that leads to its spans. */
export interface Finding {
  readonly id: string;
  readonly icon: 'path' | 'repeats' | 'retry' | 'broken' | 'clock' | 'warn';
  /** Parts of the sentence; those at odd places stand out. */
  readonly text: readonly string[];
  /** What was seen and what was made of it, for the tooltip. */
  readonly detail: string;
  /** Entries that the sentence is about, in the order in which they are visited; undefined where none is left. */
  readonly entries: (() => ArrayLike<number>) | undefined;
}

/** A group that took less of the trace than this is not worth a sentence. */
const LEAST_SHARE = 0.01;
const MOST_GROUPS = 50;
const MOST_TOLD = 2;
/** Members that overlap by less than this share of their time ran one after another. */
const OVERLAP = 0.05;

/** What the trace says of itself: where the time went, what repeats, what was tried again, what is damaged. */
export function findingsOf(model: WaterfallModel, path: PathPieces | undefined, retry: Uint8Array): readonly Finding[] {
  const skew = skewFinding(model.table, model.skew);
  return [
    pathFinding(model, path),
    ...repeatsFindings(model),
    retryFinding(model, retry),
    ...damageOf(model.shape, model.skew),
    skew,
  ].filter(finding => finding !== undefined);
}

/** The sentence without what makes it stand out. */
export function findingText({ text }: Finding): string {
  return text.join('');
}

function pathFinding({ table }: WaterfallModel, path: PathPieces | undefined): Finding | undefined {
  const [most, ...rest] = path === undefined ? [] : pathShares(table, path);
  if (path === undefined || most === undefined) return undefined;
  const others = rest.slice(0, 3).map(({ service, share }) => `${nameOf(service)} ${formatPercent(share)}`);
  return {
    id: 'path',
    icon: 'path',
    text: ['Critical path: ', `${nameOf(most.service)} ${formatPercent(most.share)}`],
    detail: `${nameOf(most.service)} decided for ${durationText(most.ns)} how long the trace took${others.length > 0 ? `; then ${others.join(', ')}` : ''}`,
    entries: () => pathRowsOf(table, path, most.service),
  };
}

/** The groups that took longest: calls to others first, because those can be saved. */
function repeatsFindings({ table, shape, repeats }: WaterfallModel): Finding[] {
  const groups = largestGroups(repeats.unionNs, LEAST_SHARE * table.durationNs);
  const isCall = (group: number): boolean => table.kind[repeats.member[repeats.offset[group]]] === SpanKind.client;
  const told = [...groups.filter(isCall), ...groups.filter(group => !isCall(group))].slice(0, MOST_TOLD);
  return told.map(group => repeatsFinding(table, shape, repeats, group));
}

function repeatsFinding(table: TraceTable, shape: TreeShape, repeats: Repeats, group: number): Finding {
  const members = repeats.member.subarray(repeats.offset[group], repeats.offset[group + 1]);
  const row = members[0];
  let sum = 0;
  for (const member of members) sum += Math.max(0, table.spanDurationNs[member]);
  const oneByOne = sum * (1 - OVERLAP) <= repeats.unionNs[group];
  const likely = oneByOne && table.kind[row] === SpanKind.client ? ' (likely N+1)' : '';
  return {
    id: `repeats ${group}`,
    icon: 'repeats',
    text: [
      '',
      `${formatCount(members.length)} ×`,
      ` same ${operationName(shape, row)} in `,
      serviceName(shape, row),
      `, ${durationText(repeats.unionNs[group])}${likely}`,
    ],
    detail: `They ran ${oneByOne ? 'one after another' : 'side by side'}, ${durationText(repeats.unionNs[group])} by the clock`,
    entries: () => members,
  };
}

function retryFinding({ table, shape }: WaterfallModel, retry: Uint8Array): Finding | undefined {
  const rows: number[] = [];
  let ns = 0;
  let alike = true;
  for (let row = 0; row < retry.length; row++) {
    if (retry[row] === 0) continue;
    rows.push(row);
    ns += Math.max(0, table.spanDurationNs[row]);
    if (table.name[row] !== table.name[rows[0]]) alike = false;
  }
  if (rows.length === 0) return undefined;
  return {
    id: 'retries',
    icon: 'retry',
    text: [
      '',
      `${formatCount(rows.length)} ${rows.length === 1 ? 'retry' : 'retries'}`,
      ` of ${operationName(shape, rows[0])}${alike ? '' : ' and others'}, +${durationText(ns)}`,
    ],
    detail:
      'Likely retries: the same operation was started again after it had failed, or says so in http.request.resend_count',
    entries: () => rows,
  };
}

/** Groups whose members ran for at least `leastNs` together, the longest first; at most MOST_GROUPS. */
function largestGroups(unionNs: Float64Array, leastNs: number): number[] {
  const found: number[] = [];
  for (let group = 0; group < unionNs.length; group++) {
    if (unionNs[group] < leastNs || unionNs[group] === 0) continue;
    if (found.length === MOST_GROUPS && unionNs[group] <= unionNs[found[MOST_GROUPS - 1]]) continue;
    const at = found.findIndex(other => unionNs[other] < unionNs[group]);
    found.splice(at < 0 ? found.length : at, 0, group);
    found.length = Math.min(found.length, MOST_GROUPS);
  }
  return found;
}

function nameOf(service: string): string {
  return service === '' ? NO_SERVICE : visibleText(service);
}
