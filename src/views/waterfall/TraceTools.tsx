import { formatCount } from '#domain/format/number.ts';
import { act } from '#state/commands/actions.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { Breadcrumb } from './Breadcrumb.tsx';
import { FindField } from './FindField.tsx';
import { traceFacts } from './facts.ts';
import { placeOf } from './row-list.ts';
import { useStore } from './store.ts';
import type { Clocks } from './use-clocks.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Where you are, find, errors, critical path. */
export function TraceTools({ model, clocks, onSelect }: { model: WaterfallModel; clocks: Clocks; onSelect: Select }) {
  const showPath = useStore(model.store, state => state.showPath);
  const grouping = useStore(model.store, state => state.grouping);
  return (
    <div className="tr-tools">
      <Breadcrumb model={model} />
      <span className="grow" />
      <FindField model={model} onSelect={onSelect} />
      <ErrorSteps model={model} />
      <label className="tr-check">
        <input
          type="checkbox"
          checked={showPath}
          onChange={event => model.store.set({ showPath: event.currentTarget.checked })}
        />
        Critical path
      </label>
      {model.skew.row.length > 0 && (
        <label
          className="tr-check"
          data-tip="Moves spans whose clock is off into the middle of the call they answer, on screen only"
        >
          <input
            type="checkbox"
            checked={clocks.adjusted}
            onChange={event => clocks.adjust(event.currentTarget.checked)}
          />
          Adjust clocks
        </label>
      )}
      {model.repeats.count > 0 && (
        <label className="tr-check" data-tip="Four or more alike siblings as one row" data-tip-keys="r">
          <input
            type="checkbox"
            checked={grouping}
            onChange={event => model.setGrouping(event.currentTarget.checked)}
          />
          Group repeats
        </label>
      )}
    </div>
  );
}

function ErrorSteps({ model }: { model: WaterfallModel }) {
  const { errorRows } = traceFacts(model.table);
  const focused = useStore(model.store, state => state.focused);
  const selectedRow = useStore(model.store, state => state.selectedRow);
  if (errorRows.length === 0) return null;
  const place = placeOf(errorRows, focused);
  return (
    <span className="btn-group">
      <button
        type="button"
        className="btn"
        onClick={() => act('waterfall.next-error')}
        data-tip="Next error"
        data-tip-keys="e"
      >
        <StatusGlyph status="error" />
        {place > 0 && selectedRow >= 0 && `${formatCount(place)} of `}
        {formatCount(errorRows.length)} {errorRows.length === 1 ? 'error' : 'errors'}
      </button>
      <IconButton icon="up" label="Previous error" keys="Shift+e" onClick={() => act('waterfall.previous-error')} />
      <IconButton icon="down" label="Next error" keys="e" onClick={() => act('waterfall.next-error')} />
    </span>
  );
}
