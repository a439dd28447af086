import { type RefObject, useEffect, useRef } from 'react';
import type { PinList } from '#domain/api/pin-api.ts';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { useAction } from '#state/commands/actions.ts';
import { describeError } from '#state/describe-error.ts';
import { usePinsPage } from '#state/pins/use-pins-page.ts';
import { useUrlText } from '#state/url/use-url-text.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { PinsSkeleton } from './PinsSkeleton.tsx';
import { PinTable } from './PinTable.tsx';
import './pins.css';

/** /pins: what is kept beyond retention, whose it is, what it takes. */
export function PinsPage() {
  const { hasServer, list, error, retry } = usePinsPage();
  useAction('pins.refresh', retry);
  useEffect(() => {
    document.title = 'Pins · Throughline';
  }, []);
  if (!hasServer) {
    return (
      <EmptyState title="There are no pins here">Pins are kept by a Throughline server. This page has none.</EmptyState>
    );
  }
  if (list === undefined) return error === null ? <PinsSkeleton /> : <ErrorState error={error} onRetry={retry} />;
  return <Listed list={list} error={error} onRetry={retry} />;
}

function Listed({ list, error, onRetry }: { list: PinList; error: unknown; onRetry: () => void }) {
  const [text, setText] = useUrlText('named');
  const body = useRef<HTMLElement>(null);
  useKeptFocus(body, list.total);
  return (
    <div className="pins-page">
      <header className="pins-head">
        <div>
          <h1>Pins</h1>
          <Usage list={list} />
        </div>
        <span className="grow" />
        <Find text={text} onText={setText} />
      </header>
      {error !== null && (
        <div className="note error" role="alert">
          <Icon name="warn" className="s14 err" />
          <span className="grow">{describeError(error).title}. The list is from before.</span>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
      {isFull(list) && (
        <div className="note warn" role="status">
          <Icon name="warn" className="s14 wrn" />
          <span>
            Pins have reached their size: new ones may be refused. Remove what is no longer needed, or raise{' '}
            <code>pinsMaxBytes</code>.
          </span>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by key */}
      <section ref={body} className="pins-body" tabIndex={0} aria-label="Pins">
        {list.total === 0 ? (
          <NoPins />
        ) : list.pins.length === 0 ? (
          <NoMatch text={text} onClear={() => setText('')} />
        ) : (
          <PinTable list={list} />
        )}
      </section>
    </div>
  );
}

/** The button that removed a row went with it: the list takes the focus, or the next key would go nowhere. */
function useKeptFocus(list: RefObject<HTMLElement | null>, total: number): void {
  const before = useRef(total);
  useEffect(() => {
    if (total < before.current && document.activeElement === document.body) list.current?.focus();
    before.current = total;
  }, [list, total]);
}

/** From here on a trace of usual size may no longer fit. */
const NEARLY_FULL = 0.95;

function isFull({ usedBytes, maxBytes }: PinList): boolean {
  return usedBytes >= maxBytes * NEARLY_FULL;
}

function Usage({ list: { total, usedBytes, maxBytes } }: { list: PinList }) {
  return (
    <p className="sec t12 pins-usage">
      <span>
        <b className="strong">{formatCount(total)}</b> {total === 1 ? 'pin takes' : 'pins take'}{' '}
        <b className="strong">{formatBytes(usedBytes)}</b> of {formatBytes(maxBytes)}
      </span>
      <meter min={0} max={Math.max(1, maxBytes)} value={usedBytes} aria-label="Size of all pins" />
    </p>
  );
}

function Find({ text, onText }: { text: string; onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useAction('app.find', () => input.current?.focus());
  return (
    <search className="field pins-find">
      <Icon name="search" className="s14" />
      <input
        ref={input}
        type="text"
        placeholder="Find by note, name or id"
        aria-label="Find pins by note, name or id"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={event => onText(event.target.value)}
      />
    </search>
  );
}

function NoPins() {
  return (
    <EmptyState title="Nothing is pinned">
      A pin is a copy of a trace with the view that was on screen. It stays when retention reaches the trace, and its
      link keeps working. Press Pin on the page of a trace, or share one.
    </EmptyState>
  );
}

function NoMatch({ text, onClear }: { text: string; onClear: () => void }) {
  return (
    <EmptyState title="No pin matches" actions={<Button onClick={onClear}>Show all pins</Button>}>
      Nothing in notes, names, sources and ids contains “<bdi>{text}</bdi>”.
    </EmptyState>
  );
}
