// biome-ignore-all lint/a11y/useSemanticElements: a virtual treegrid cannot be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows, as a treegrid allows
import { type CSSProperties, memo } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { spanIdOf } from '#domain/ids.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { SpanFlag, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { serviceColour } from '#views/shared/service-colour.ts';
import { entryLabel, gapParent, operationName, serviceName } from './names.ts';
import { type ServiceSlots, slotOfRow } from './service-slots.ts';
import { levelOfRow, siblingCount } from './shape.ts';
import type { WaterfallModel } from './waterfall-model.ts';
import { workedNs } from './work-intervals.ts';

const INDENT = 12;
/** Deeper levels are written as a number. */
const MAX_INDENTS = 32;

interface RowProps {
  readonly model: WaterfallModel;
  readonly slots: ServiceSlots;
  /** Table row, or `~gap`. */
  readonly entry: number;
  readonly index: number;
  /** px below the layer's top. */
  readonly y: number;
  readonly isClosed: boolean;
  readonly isFocused: boolean;
  readonly isSelected: boolean;
  readonly isMatch: boolean;
  readonly onSelect: (row: number) => void;
}

/** One row of the tree: indent, caret, service, operation, tags, error, self time. */
export const TreeRow = memo(function TreeRow(props: RowProps) {
  const { model, entry, index, y, isClosed, isFocused, isSelected, isMatch, onSelect } = props;
  const { shape } = model;
  const level = entry < 0 ? 1 : levelOfRow(shape, entry);
  const opens = model.canToggle(entry);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the treegrid
    <div
      className={`wf-row${isSelected ? ' selected' : ''}${isMatch ? ' match' : ''}`}
      role="row"
      aria-rowindex={index + 1}
      aria-level={level}
      aria-posinset={entry < 0 ? shape.gaps.position[~entry] : shape.position[entry]}
      aria-setsize={entry < 0 ? shape.topLevelCount : siblingCount(shape, entry)}
      aria-expanded={opens ? !isClosed : undefined}
      aria-selected={isSelected}
      aria-label={entryLabel(shape, entry)}
      tabIndex={isFocused ? 0 : -1}
      data-span-id={entry < 0 ? undefined : spanIdOf(shape.table.spanId[entry])}
      data-missing-span-id={entry < 0 ? gapParent(shape, ~entry) : undefined}
      style={{ transform: `translateY(${y}px)` }}
      onClick={() => {
        model.store.set({ focused: entry });
        if (entry >= 0) onSelect(entry);
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
        {entry < 0 ? <GapName {...props} /> : <SpanName {...props} />}
      </span>
      <span role="gridcell" className="wf-self">
        {entry < 0 ? <span className="mut">not received</span> : <SelfTime {...props} />}
      </span>
    </div>
  );
});

function Indent({ level }: { level: number }) {
  const steps = Math.min(level - 1, MAX_INDENTS);
  return (
    <span className="wf-indent" style={{ width: steps * INDENT + 6 }}>
      {level - 1 > MAX_INDENTS && <span className="wf-depth">{formatCount(level)}</span>}
    </span>
  );
}

function SpanName({ model, slots, entry, isClosed }: RowProps) {
  const { shape } = model;
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
      <DamageTag flags={table.flags[entry]} />
    </>
  );
}

function DamageTag({ flags }: { flags: number }) {
  const word = damageWord(flags);
  return word === undefined ? null : <span className="tag wf-warn">{word}</span>;
}

function damageWord(flags: number): string | undefined {
  if (flags & SpanFlag.cycleBroken) return 'cycle cut here';
  if (flags & SpanFlag.offScale) return 'off the scale';
  if (flags & SpanFlag.negative) return 'ends before start';
  if (flags & SpanFlag.noTimestamp) return 'no time';
  if (flags & SpanFlag.startsBeforeParent) return 'before parent';
  if (flags & SpanFlag.endsAfterParent) return 'outlives parent';
  return flags & SpanFlag.duplicateId ? 'duplicate id' : undefined;
}

function GapName({ model, entry, isClosed }: RowProps) {
  const { shape } = model;
  const id = gapParent(shape, ~entry);
  return (
    <>
      <span className="wf-gap-icon">
        <Icon name="broken" className="s14" />
      </span>
      <span className="wf-gap ell" data-tip={`Parent ${id} was not received; these spans name it`}>
        missing parent <span className="mono t11">{id.slice(0, 4)}…</span>
      </span>
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
      <DurationText ns={workedNs(model.work.of(entry))} />
    </>
  );
}
