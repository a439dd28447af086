import { rootlessEntry } from '#domain/analysis/tree-shape.ts';
import { formatCount, UNKNOWN } from '#domain/format/number.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import {
  eachText,
  errorCount,
  fragmentsText,
  gapParent,
  groupSize,
  isTimed,
  operationName,
  rootFragments,
  serviceName,
} from './names.ts';
import { hasRemoteParent } from './remote-parent.ts';
import { damageNotes } from './row-notes.ts';
import { firstRowOf, groupOfEntry, levelOf } from './shape.ts';
import type { WaterfallModel } from './waterfall-model.ts';

export interface RowTag {
  readonly text: string;
  readonly tone: 'plain' | 'strong' | 'warn' | 'error';
  /** What more there is to say. */
  readonly tip?: string;
}

/** What stands beside the bar of a visible entry: in the tree, and in a picture of it. */
export interface RowText {
  readonly kind: 'span' | 'group' | 'missing' | 'rootless';
  readonly level: number;
  readonly caret: 'open' | 'closed' | undefined;
  /** Row whose service gives the colour; undefined for a parent that was not received. */
  readonly colourOf: number | undefined;
  /** Where it changes from the parent. */
  readonly service: string | undefined;
  readonly name: string;
  /** What follows the name in another hand: an id, or an aside. '' for nothing. */
  readonly aside: string;
  /** The name with all that is left out of it. */
  readonly tip: string;
  readonly tags: readonly RowTag[];
  /** Time by itself, or of a group by the clock, ns; what to say instead where it is not known. */
  readonly time: number | string;
  readonly failed: boolean;
}

type Content = Omit<RowText, 'level' | 'caret'>;

/** `attempt` is which retry a span is, 0 for none; `notes` say what is wrong with it (`damageNotes`). */
export function rowText(
  model: WaterfallModel,
  entry: number,
  attempt = entry < 0 ? 0 : model.store.get().retry[entry],
  notes = notesOf(model, entry),
): RowText {
  const { shape } = model;
  const opens = model.canToggle(entry);
  const isClosed = opens && model.isClosed(entry);
  const level = levelOf(shape, entry);
  return { level, caret: opens ? (isClosed ? 'closed' : 'open') : undefined, ...content() };

  function content(): Content {
    if (entry >= 0) return spanText(model, entry, isClosed, attempt, notes);
    if (groupOfEntry(shape, entry) >= 0) return groupText(model, entry);
    return entry === rootlessEntry(shape) ? rootlessText(model, isClosed) : missingText(model, entry, isClosed);
  }
}

/** What is wrong with a visible entry, in words, worst first. */
export function notesOf(model: WaterfallModel, entry: number): readonly string[] {
  return entry < 0 ? [] : damageNotes(model, entry, model.canToggle(entry) && model.isClosed(entry));
}

function spanText(
  model: WaterfallModel,
  row: number,
  isClosed: boolean,
  attempt: number,
  notes: readonly string[],
): Content {
  const { table } = model;
  const tags: RowTag[] = [];
  if (isClosed) tags.push(hiddenTag(table.subtreeEnd[row] - row - 1));
  if (table.kind[row] === SpanKind.producer) tags.push({ text: 'producer', tone: 'plain' });
  if (table.kind[row] === SpanKind.consumer) tags.push({ text: 'consumer', tone: 'plain' });
  if (attempt > 0) tags.push({ text: `retry ${attempt}`, tone: 'plain' });
  // The worst is printed.
  if (notes.length > 0) tags.push({ text: notes[0], tone: 'warn', ...(notes.length > 1 && { tip: notes.join(', ') }) });
  return {
    ...{ kind: 'span', ...nameOf(model, row), aside: '', tags },
    ...{
      time: isTimed(table, row) ? model.work.of(row).sumNs : UNKNOWN,
      failed: table.status[row] === StatusCode.error,
    },
  };
}

/** Alike siblings as one row: name, how many, how many failed, wall-clock time in which at least one of them ran. */
function groupText(model: WaterfallModel, entry: number): Content {
  const { shape, repeats } = model;
  const group = groupOfEntry(shape, entry);
  const errors = repeats.errors[group];
  const count = formatCount(groupSize(repeats, group));
  const tags: RowTag[] = [{ text: `× ${count}`, tone: 'strong', tip: `Each ${eachText(repeats, group)}` }];
  if (errors > 0) tags.push({ text: errorCount(errors), tone: 'error' });
  return {
    ...{ kind: 'group', ...nameOf(model, firstRowOf(shape, entry)), aside: '', tags },
    ...{ time: repeats.unionNs[group], failed: errors > 0 },
  };
}

/** Stands for a root that was not received: what is there are fragments of its trace. */
function rootlessText({ shape, table }: WaterfallModel, isClosed: boolean): Content {
  return {
    ...{ kind: 'rootless', ...NOT_RECEIVED, name: fragmentsText(shape), aside: 'of a trace without its root' },
    tip: 'No span without a parent was received; these are parts of what it did',
    tags: isClosed ? [hiddenTag(table.length)] : [],
  };
}

function missingText({ shape, table }: WaterfallModel, entry: number, isClosed: boolean): Content {
  const { endRow, firstRow } = shape.gaps;
  // Of a parent in another process an SDK says so.
  const isRemote = hasRemoteParent(table, firstRow[~entry]);
  const id = gapParent(shape, ~entry);
  const fragments = rootFragments(shape, ~entry);
  const tags: RowTag[] = fragments === undefined ? [] : [{ text: fragments, tone: 'plain' }];
  if (isClosed) tags.push(hiddenTag(endRow[~entry] - firstRow[~entry]));
  return {
    ...{ kind: 'missing', ...NOT_RECEIVED, aside: `${id.slice(0, 4)}…`, tags },
    name: isRemote ? 'missing remote parent' : 'missing parent',
    tip: `Parent ${id}${isRemote ? ', in another process,' : ''} was not received; these spans name it`,
  };
}

const NOT_RECEIVED = { colourOf: undefined, service: undefined, time: 'not received', failed: false } as const;

function nameOf({ table, shape }: WaterfallModel, row: number) {
  const parent = table.parent[row];
  const isSame = parent >= 0 && serviceOf(table, parent) === serviceOf(table, row);
  const service = serviceName(shape, row);
  const name = operationName(shape, row);
  return { colourOf: row, service: isSame ? undefined : service, name, tip: isSame ? `${service} ${name}` : name };
}

function hiddenTag(count: number): RowTag {
  return { text: `+ ${formatCount(count)}`, tone: 'plain' };
}
