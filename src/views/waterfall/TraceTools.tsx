import { useEffect, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { act, useAction } from '#state/commands/actions.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { Breadcrumb } from './Breadcrumb.tsx';
import { traceFacts } from './facts.ts';
import { placeOf } from './find.ts';
import { useStore } from './store.ts';
import { useFind } from './use-find.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Where you are, find, errors, critical path. */
export function TraceTools({ model }: { model: WaterfallModel }) {
  const showPath = useStore(model.store, state => state.showPath);
  const grouping = useStore(model.store, state => state.grouping);
  return (
    <div className="tr-tools">
      <Breadcrumb model={model} />
      <span className="grow" />
      <FindField model={model} />
      <ErrorSteps model={model} />
      <label className="tr-check">
        <input
          type="checkbox"
          checked={showPath}
          onChange={event => model.store.set({ showPath: event.currentTarget.checked })}
        />
        Critical path
      </label>
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

function FindField({ model }: { model: WaterfallModel }) {
  const { find } = useUrl();
  const go = useGo();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(find);
  useEffect(() => setText(find), [find]);
  useAction('app.find', () => {
    input.current?.focus();
    input.current?.select();
  });
  const busy = useFind(model, find);
  const matches = useStore(model.store, state => state.matches);
  const onlyMatches = useStore(model.store, state => state.onlyMatches);
  const focused = useStore(model.store, state => state.focused);
  const change = (next: string): void => {
    setText(next);
    go(next === '' ? { find: next, only: false } : { find: next }, 'replace');
  };
  const count = matches?.rows.length ?? 0;
  const place = matches === undefined ? 0 : placeOf(matches.rows, focused);
  return (
    <search className="tr-find">
      <div className="field">
        <Icon name="search" className="s14" />
        <input
          ref={input}
          type="text"
          aria-label="Find in trace"
          placeholder="Find in trace"
          data-tip="Words, key=value, service=cart, error, >100ms"
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={event => change(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') act(event.shiftKey ? 'waterfall.previous-match' : 'waterfall.next-match');
            else if (event.key === 'Escape' && text !== '') change('');
            else if (event.key === 'Escape') input.current?.blur();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
        {find === '' ? (
          <KeyCaps hotkey="/" />
        ) : (
          <span className="tr-count" role="status">
            {busy
              ? '…'
              : count === 0
                ? 'none'
                : place > 0
                  ? `${formatCount(place)} of ${formatCount(count)}`
                  : formatCount(count)}
          </span>
        )}
      </div>
      {find !== '' && (
        <span className="btn-group">
          <IconButton
            icon="up"
            label="Previous match"
            keys="Shift+n"
            disabled={count === 0}
            onClick={() => act('waterfall.previous-match')}
          />
          <IconButton
            icon="down"
            label="Next match"
            keys="n"
            disabled={count === 0}
            onClick={() => act('waterfall.next-match')}
          />
          <IconButton
            icon="filter"
            label="Show only matches and what is above them"
            aria-pressed={onlyMatches}
            disabled={count === 0 && !onlyMatches}
            onClick={() => model.setOnlyMatches(!onlyMatches)}
          />
        </span>
      )}
    </search>
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
