// biome-ignore-all lint/a11y/useSemanticElements: a virtual treegrid cannot be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows, as a treegrid allows
import { type CSSProperties, memo } from 'react';
import { rootlessEntry, type TreeShape } from '#domain/analysis/tree-shape.ts';
import { formatCount } from '#domain/format/number.ts';
import { spanIdOf } from '#domain/ids.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { serviceColour } from '#views/shared/service-colour.ts';
import { INDENT, NUMBERED_FROM } from './indent.ts';
import {
  eachText,
  entryLabel,
  errorCount,
  fragmentsText,
  gapParent,
  groupSize,
  operationName,
  rootFragments,
  serviceName,
} from './names.ts';
import { damageNotes } from './row-notes.ts';
import { type ServiceSlots, slotOfRow } from './service-slots.ts';
import { firstRowOf, groupOfEntry, levelOf, positionOf, siblingCount } from './shape.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

interface RowProps {
  readonly model: WaterfallModel;
  readonly shape: TreeShape;
  readonly slots: ServiceSlots;
  /** Table row, or `~fold`. */
  readonly entry: number;
  readonly index: number;
  /** px below the layer's top. */
  readonly y: number;
  readonly isClosed: boolean;
  readonly isFocused: boolean;
  readonly isSelected: boolean;
  readonly isMatch: boolean;
  /** Which attempt after a failure it is, 0 for none. */
  readonly attempt: number;
  readonly onSelect: Select;
}

/** One row of the tree: indent, caret, service, operation, tags, error, self time. */
export const TreeRow = memo(function TreeRow(props: RowProps) {
  const { model, shape, entry, index, y, isClosed, isFocused, isSelected, isMatch, attempt, onSelect } = props;
  const level = levelOf(shape, entry);
  const isGap = entry < 0 && ~entry < shape.gaps.count;
  const isRoot = entry === rootlessEntry(shape);
  const isGroup = entry < 0 && !isGap && !isRoot;
  const opens = model.canToggle(entry);
  const notes = entry < 0 ? [] : damageNotes(model, entry, opens && isClosed);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the treegrid
    <div
      className={`wf-row${isSelected ? ' selected' : ''}${isMatch ? ' match' : ''}`}
      role="row"
      aria-rowindex={index + 1}
      aria-level={level}
      aria-posinset={positionOf(shape, entry)}
      aria-setsize={siblingCount(shape, entry)}
      aria-expanded={opens ? !isClosed : undefined}
      aria-selected={isSelected}
      aria-label={entryLabel(shape, entry, attempt, notes)}
      tabIndex={isFocused ? 0 : -1}
      data-span-id={entry < 0 ? undefined : spanIdOf(shape.table.spanId[entry])}
      data-missing-span-id={isGap ? gapParent(shape, ~entry) : undefined}
      data-fragments={isRoot ? shape.gaps.count : undefined}
      data-repeats-of={isGroup ? spanIdOf(shape.table.spanId[firstRowOf(shape, entry)]) : undefined}
      style={{ transform: `translateY(${y}px)` }}
      onClick={() => {
        model.store.set({ focused: entry });
        if (entry >= 0) onSelect(entry);
      }}
      onDoubleClick={() => {
        if (entry < 0) model.setClosed(entry, !isClosed);
      }}
      onFocus={() => {
        if (!isFocused) model.store.set({ focused: entry });
      }}
    >
      <span role="gridcell" className="wf-cell">
        <Indent level={level} />
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the row do the same */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a pointer's way to what the row's arrow keys do */}
        <span
          className="wf-caret"
          onClick={event => {
            event.stopPropagation();
            model.store.set({ focused: entry });
            model.setClosed(entry, !isClosed);
          }}
        >
          {opens && <Icon name={isClosed ? 'right' : 'down'} className="s12" />}
        </span>
        <Name {...props} notes={notes} />
      </span>
      <span role="gridcell" className="wf-self">
        {isGap || isRoot ? (
          <span className="mut">not received</span>
        ) : isGroup ? (
          <GroupTime {...props} />
        ) : (
          <SelfTime {...props} />
        )}
      </span>
    </div>
  );
});

function Name({ notes, ...props }: RowProps & { notes: readonly string[] }) {
  const { shape, entry } = props;
  if (entry >= 0) return <SpanName {...props} notes={notes} />;
  if (entry === rootlessEntry(shape)) return <RootName {...props} />;
  return ~entry < shape.gaps.count ? <GapName {...props} /> : <GroupName {...props} />;
}

/** Stands for a root that was not received: what is there are fragments of its trace. */
function RootName({ shape, isClosed }: RowProps) {
  return (
    <>
      <span className="wf-gap-icon">
        <Icon name="broken" className="s14" />
      </span>
      <span className="wf-gap ell" data-tip="No span without a parent was received; these are parts of what it did">
        {fragmentsText(shape)} <span className="mut">of a trace without its root</span>
      </span>
      {isClosed && <span className="tag">+ {formatCount(shape.table.length)}</span>}
    </>
  );
}

/** Deep rows stand closer to the left while nothing shallow is on screen (`--shift`), and never leave the name no room. */
function Indent({ level }: { level: number }) {
  const width = `clamp(6px, calc(${(level - 1) * INDENT + 6}px - var(--shift, 0px)), 45%)`;
  return (
    <span className="wf-indent" style={{ width }}>
      {level > NUMBERED_FROM && <span className="wf-depth">{formatCount(level)}</span>}
    </span>
  );
}

function SpanName({ shape, slots, entry, isClosed, attempt, notes }: RowProps & { notes: readonly string[] }) {
  const { table } = shape;
  const parent = table.parent[entry];
  const service = serviceOf(table, entry);
  const changed = parent < 0 || serviceOf(table, parent) !== service;
  const colour = serviceColour(slotOfRow(table, slots, entry));
  const name = operationName(shape, entry);
  return (
    <>
      <span className="wf-key" style={{ '--c': colour } as CSSProperties} />
      {changed && <bdi className={`wf-service${service === '' ? ' none' : ''}`}>{serviceName(shape, entry)}</bdi>}
      <bdi className="wf-op ell" data-tip={changed ? name : `${serviceName(shape, entry)} ${name}`}>
        {name}
      </bdi>
      {isClosed && <span className="tag">+ {formatCount(table.subtreeEnd[entry] - entry - 1)}</span>}
      {table.kind[entry] === SpanKind.producer && <span className="tag">producer</span>}
      {table.kind[entry] === SpanKind.consumer && <span className="tag">consumer</span>}
      <RetryTag attempt={attempt} />
      <DamageTag notes={notes} />
    </>
  );
}

/** Alike siblings as one row: name, how many, how many failed. */
function GroupName({ shape, slots, entry }: RowProps) {
  const { table } = shape;
  const repeats = shape.groups?.repeats;
  const group = groupOfEntry(shape, entry);
  if (repeats === undefined) return null;
  const row = firstRowOf(shape, entry);
  const parent = table.parent[row];
  const service = serviceOf(table, row);
  const changed = parent < 0 || serviceOf(table, parent) !== service;
  const name = operationName(shape, row);
  return (
    <>
      <span className="wf-key many" style={{ '--c': serviceColour(slotOfRow(table, slots, row)) } as CSSProperties} />
      {changed && <bdi className={`wf-service${service === '' ? ' none' : ''}`}>{serviceName(shape, row)}</bdi>}
      <bdi className="wf-op ell" data-tip={changed ? name : `${serviceName(shape, row)} ${name}`}>
        {name}
      </bdi>
      <span className="tag strong" data-tip={`Each ${eachText(repeats, group)}`}>
        × {formatCount(groupSize(repeats, group))}
      </span>
      {repeats.errors[group] > 0 && <span className="tag wf-error">{errorCount(repeats.errors[group])}</span>}
    </>
  );
}

/** Wall-clock time in which at least one of a group ran. */
function GroupTime({ shape, entry }: RowProps) {
  const repeats = shape.groups?.repeats;
  const group = groupOfEntry(shape, entry);
  if (repeats === undefined) return null;
  return (
    <>
      {repeats.errors[group] > 0 && <StatusGlyph status="error" />}
      <DurationText ns={repeats.unionNs[group]} />
    </>
  );
}

function RetryTag({ attempt }: { attempt: number }) {
  return attempt === 0 ? null : <span className="tag">retry {attempt}</span>;
}

/** The worst note is printed; the tooltip has all of them. */
function DamageTag({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <span className="tag wf-warn" data-tip={notes.length > 1 ? notes.join(', ') : undefined}>
      {notes[0]}
    </span>
  );
}

function GapName({ shape, entry, isClosed }: RowProps) {
  const id = gapParent(shape, ~entry);
  const fragments = rootFragments(shape, ~entry);
  return (
    <>
      <span className="wf-gap-icon">
        <Icon name="broken" className="s14" />
      </span>
      <span className="wf-gap ell" data-tip={`Parent ${id} was not received; these spans name it`}>
        missing parent <span className="mono t11">{id.slice(0, 4)}…</span>
      </span>
      {fragments !== undefined && <span className="tag">{fragments}</span>}
      {isClosed && (
        <span className="tag">+ {formatCount(shape.gaps.endRow[~entry] - shape.gaps.firstRow[~entry])}</span>
      )}
    </>
  );
}

function SelfTime({ model, entry }: RowProps) {
  return (
    <>
      {model.table.status[entry] === StatusCode.error && <StatusGlyph status="error" />}
      <DurationText ns={model.work.of(entry).sumNs} />
    </>
  );
}
