import { rootlessEntry } from '#domain/analysis/tree-shape.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import {
  errorCount,
  fragmentsText,
  gapParent,
  groupSize,
  operationName,
  rootFragments,
  serviceName,
} from '#views/waterfall/names.ts';
import { damageNotes } from '#views/waterfall/row-notes.ts';
import { firstRowOf, groupOfEntry, levelOf } from '#views/waterfall/shape.ts';
import type { WaterfallModel } from '#views/waterfall/waterfall-model.ts';

export interface NameTag {
  readonly text: string;
  readonly tone: 'plain' | 'warn' | 'error';
}

/** What stands beside the bar of a visible entry, as the tree shows it. */
export interface NameRow {
  readonly level: number;
  readonly caret: 'open' | 'closed' | undefined;
  /** Row whose service gives the colour; undefined for a parent that was not received. */
  readonly colourOf: number | undefined;
  /** Where it changes from the parent. */
  readonly service: string | undefined;
  readonly name: string;
  readonly tags: readonly NameTag[];
  readonly time: string;
  readonly failed: boolean;
}

export function nameRow(model: WaterfallModel, entry: number): NameRow {
  const { shape } = model;
  const level = levelOf(shape, entry);
  const isClosed = model.isClosed(entry);
  const caret = model.canToggle(entry) ? (isClosed ? 'closed' : 'open') : undefined;
  if (entry >= 0) return { level, caret, ...spanRow(model, entry, isClosed) };
  const group = groupOfEntry(shape, entry);
  const repeats = shape.groups?.repeats;
  if (group >= 0 && repeats !== undefined) {
    const row = firstRowOf(shape, entry);
    const errors = repeats.errors[group];
    return {
      ...{ level, caret, colourOf: row, service: changedService(model, row), name: operationName(shape, row) },
      tags: [
        { text: `× ${formatCount(groupSize(repeats, group))}`, tone: 'plain' },
        ...(errors > 0 ? [{ text: errorCount(errors), tone: 'error' } as const] : []),
      ],
      time: durationText(repeats.unionNs[group]),
      failed: errors > 0,
    };
  }
  return { level, caret, ...missingRow(model, entry, isClosed) };
}

/** A parent, or the root, that was not received. */
function missingRow(
  { table, shape }: WaterfallModel,
  entry: number,
  isClosed: boolean,
): Omit<NameRow, 'level' | 'caret'> {
  const same = { colourOf: undefined, service: undefined, time: 'not received', failed: false };
  if (entry === rootlessEntry(shape)) {
    const hidden = isClosed ? [plain(`+ ${formatCount(table.length)}`)] : [];
    return { ...same, name: `${fragmentsText(shape)} of a trace without its root`, tags: hidden };
  }
  const { endRow, firstRow } = shape.gaps;
  const fragments = rootFragments(shape, ~entry);
  const tags = fragments === undefined ? [] : [plain(fragments)];
  if (isClosed) tags.push(plain(`+ ${formatCount(endRow[~entry] - firstRow[~entry])}`));
  return { ...same, name: `missing parent ${gapParent(shape, ~entry).slice(0, 4)}…`, tags };
}

function spanRow(model: WaterfallModel, row: number, isClosed: boolean): Omit<NameRow, 'level' | 'caret'> {
  const { table, shape } = model;
  const opens = model.canToggle(row);
  const [worst] = damageNotes(model, row, opens && isClosed);
  const attempt = model.store.get().retry[row];
  const tags: NameTag[] = [];
  if (opens && isClosed) tags.push(plain(`+ ${formatCount(table.subtreeEnd[row] - row - 1)}`));
  if (table.kind[row] === SpanKind.producer) tags.push(plain('producer'));
  if (table.kind[row] === SpanKind.consumer) tags.push(plain('consumer'));
  if (attempt > 0) tags.push(plain(`retry ${attempt}`));
  if (worst !== undefined) tags.push({ text: worst, tone: 'warn' });
  return {
    ...{ colourOf: row, service: changedService(model, row), name: operationName(shape, row), tags },
    time: durationText(model.work.of(row).sumNs),
    failed: table.status[row] === StatusCode.error,
  };
}

function changedService({ table, shape }: WaterfallModel, row: number): string | undefined {
  const parent = table.parent[row];
  const same = parent >= 0 && serviceOf(table, parent) === serviceOf(table, row);
  return same ? undefined : serviceName(shape, row);
}

function plain(text: string): NameTag {
  return { text, tone: 'plain' };
}
