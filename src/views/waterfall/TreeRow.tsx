// biome-ignore-all lint/a11y/useSemanticElements: a virtual treegrid cannot be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows, as a treegrid allows
import { type CSSProperties, memo } from 'react';
import type { TreeShape } from '#domain/analysis/tree-shape.ts';
import { formatCount } from '#domain/format/number.ts';
import { spanIdOf } from '#domain/ids.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { serviceColour } from '#views/shared/service-colour.ts';
import { INDENT, NUMBERED_FROM } from './indent.ts';
import { entryLabel, gapParent } from './names.ts';
import { notesOf, type RowTag, type RowText, rowText } from './row-text.ts';
import { type ServiceSlots, slotOfRow } from './service-slots.ts';
import { firstRowOf, positionOf, siblingCount } from './shape.ts';
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
  const { model, shape, slots, entry, index, y, isClosed, isFocused, isSelected, isMatch, attempt, onSelect } = props;
  const notes = notesOf(model, entry);
  const text = rowText(model, entry, attempt, notes);
  const { level, kind } = text;
  const opens = text.caret !== undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the treegrid
    <div
      className={`wf-row${isSelected ? ' selected' : ''}${isMatch ? (isFocused ? ' match here' : ' match') : ''}`}
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
      data-missing-span-id={kind === 'missing' ? gapParent(shape, ~entry) : undefined}
      data-fragments={kind === 'rootless' ? shape.gaps.count : undefined}
      data-repeats-of={kind === 'group' ? spanIdOf(shape.table.spanId[firstRowOf(shape, entry)]) : undefined}
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
        <Name text={text} slots={slots} model={model} />
      </span>
      <span role="gridcell" className="wf-self">
        {text.failed && <StatusGlyph status="error" />}
        {typeof text.time === 'string' ? <span className="mut">{text.time}</span> : <DurationText ns={text.time} />}
      </span>
    </div>
  );
});

/** Deep rows stand closer to the left while nothing shallow is on screen (`--shift`), and never leave the name no room. */
function Indent({ level }: { level: number }) {
  const width = `clamp(6px, calc(${(level - 1) * INDENT + 6}px - var(--shift, 0px)), 45%)`;
  return (
    <span className="wf-indent" style={{ width }}>
      {level > NUMBERED_FROM && <span className="wf-depth">{formatCount(level)}</span>}
    </span>
  );
}

function Name({ text, slots, model }: { text: RowText; slots: ServiceSlots; model: WaterfallModel }) {
  if (text.colourOf === undefined) return <NotReceivedName text={text} />;
  const slot = slotOfRow(model.table, slots, text.colourOf);
  const isNameless = serviceOf(model.table, text.colourOf) === '';
  return (
    <>
      <span
        className={`wf-key${text.kind === 'group' ? ' many' : ''}`}
        style={{ '--c': serviceColour(slot) } as CSSProperties}
      />
      {text.service !== undefined && <bdi className={`wf-service${isNameless ? ' none' : ''}`}>{text.service}</bdi>}
      <bdi className="wf-op ell" data-tip={text.tip}>
        {text.name}
      </bdi>
      <Tags tags={text.tags} />
    </>
  );
}

function NotReceivedName({ text }: { text: RowText }) {
  return (
    <>
      <span className="wf-gap-icon">
        <Icon name="broken" className="s14" />
      </span>
      <span className="wf-gap ell" data-tip={text.tip}>
        {text.name} <span className={text.kind === 'missing' ? 'mono t11' : 'mut'}>{text.aside}</span>
      </span>
      <Tags tags={text.tags} />
    </>
  );
}

const TONE = { plain: '', strong: ' strong', warn: ' wf-warn', error: ' wf-error' };

function Tags({ tags }: { tags: readonly RowTag[] }) {
  return tags.map(({ text, tone, tip }) => (
    <span key={text} className={`tag${TONE[tone]}`} data-tip={tip}>
      {text}
    </span>
  ));
}
