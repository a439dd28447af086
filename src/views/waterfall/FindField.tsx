import { useEffect, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { parseSpanId } from '#domain/ids.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import { act, useAction } from '#state/commands/actions.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import { placeOf } from './row-list.ts';
import { useStore } from './store.ts';
import { useFind } from './use-find.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const SPAN_ID = /^[0-9a-f]{16}$/i;

/** Find in the trace: field, count, steps through the matches. A span id that is pasted leads straight to its span. */
export function FindField({ model, onSelect }: { model: WaterfallModel; onSelect: Select }) {
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
  /** Opens the span whose id the text is; false if it is none of this trace. */
  const openSpan = (words: string): boolean => {
    const id = SPAN_ID.test(words) ? parseSpanId(words) : undefined;
    const row = id?.ok ? rowOfSpan(model.table, id.value) : -1;
    if (row < 0) return false;
    model.goTo(row);
    onSelect(row);
    return true;
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
          onPaste={event => openSpan(event.clipboardData.getData('text').trim())}
          onKeyDown={event => {
            if (event.key === 'Enter' && openSpan(text.trim())) input.current?.select();
            else if (event.key === 'Enter') act(event.shiftKey ? 'waterfall.previous-match' : 'waterfall.next-match');
            else if (event.key === 'Escape' && text !== '') change('');
            else if (event.key === 'Escape' || event.key === 'ArrowDown') {
              // Into the tree, and not to nowhere.
              input.current?.blur();
              model.arrive();
            } else return;
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
