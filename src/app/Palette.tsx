import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Command } from '#state/commands/command.ts';
import { tagValuesQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useHref, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { Dialog } from '#views/shared/Dialog.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import { Marked } from '#views/shared/Marked.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { typedBefore } from './coming-dialog.ts';
import { type PaletteItem, paletteItems } from './palette-items.ts';

const HEADINGS = { trace: 'Trace', pin: 'Pins', service: 'Services', command: 'Commands' } as const;

/** ⌘K: go to a trace by id, to a service's traces, or run a command. */
export default function Palette({ commands, onClose }: { commands: readonly Command[]; onClose: () => void }) {
  const url = useUrl();
  const go = useGo();
  const href = useHref();
  const source = useSource();
  const range = useResolvedRange();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(typedBefore);
  const [at, setAt] = useState(0);
  const services = useQuery(tagValuesQuery(source, 'resource.service.name', '{}', range));
  const items = useMemo(
    () =>
      paletteItems(
        text,
        (services.data ?? []).map(tag => tag.value),
        commands,
        { url, go },
      ),
    [text, services.data, commands, url, go],
  );
  const current = Math.min(at, items.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const targetOf = (item: PaletteItem) => {
    switch (item.kind) {
      case 'trace':
        return { page: { name: 'trace', traceId: item.traceId }, at: undefined, span: undefined, nth: 1 } as const;
      case 'pin':
        return { page: { name: 'pin', id: item.pin } } as const;
      case 'service':
        return { page: { name: 'explore' }, q: `{ resource.service.name = ${JSON.stringify(item.service)} }` } as const;
      case 'command':
        return undefined;
    }
  };
  const choose = (item: PaletteItem | undefined, inNewTab: boolean) => {
    if (!item) return;
    onClose();
    const target = targetOf(item);
    if (item.kind === 'command') item.command.run({ url, go });
    else if (inNewTab) window.open(href(target!), '_blank', 'noopener');
    else go(target!, 'push');
  };

  return (
    <Dialog label="Command palette" className="palette" onClose={onClose}>
      <div className="palette-input">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          aria-label="Go to a trace, a service or a command"
          placeholder="Go to trace, service, command"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={event => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={event => {
            if (event.key === 'ArrowDown') setAt((current + 1) % Math.max(1, items.length));
            else if (event.key === 'ArrowUp') setAt((current + items.length - 1) % Math.max(1, items.length));
            else if (event.key === 'Enter') choose(items[current], event.metaKey || event.ctrlKey);
            else return;
            event.preventDefault();
          }}
        />
        <kbd className="kbd">esc</kbd>
      </div>
      <div className="palette-list" id={listId} role="listbox" aria-label="Results" ref={list}>
        {items.map((item, index) => (
          <div key={keyOf(item)} role="presentation">
            {items[index - 1]?.kind !== item.kind && (
              <div className="palette-group" role="presentation">
                {HEADINGS[item.kind]}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are read by the input, which keeps the focus */}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className="palette-item"
              onPointerMove={() => setAt(index)}
              onClick={event => choose(item, event.metaKey || event.ctrlKey)}
            >
              <Face item={item} wanted={text} />
            </div>
          </div>
        ))}
        {items.length === 0 && <p className="palette-group">Nothing is called that.</p>}
      </div>
      <div className="palette-foot">
        <span>Paste a trace id to open it</span>
        <span className="grow" />
        <span>
          <KeyCaps hotkey="ArrowUp" /> <KeyCaps hotkey="ArrowDown" /> move
        </span>
        <span>
          <KeyCaps hotkey="Mod+Enter" /> new tab
        </span>
      </div>
    </Dialog>
  );
}

function Face({ item, wanted }: { item: PaletteItem; wanted: string }) {
  switch (item.kind) {
    case 'trace':
      return (
        <>
          <Icon name="path" className="s14" />
          <span>Open trace</span>
          <span className="mono t11 ell">{item.traceId}</span>
        </>
      );
    case 'pin':
      return (
        <>
          <Icon name="pin" className="s14" />
          <span>Open pin</span>
          <span className="mono t11 ell">{item.pin}</span>
        </>
      );
    case 'service':
      return (
        <>
          <ServiceKey service={item.service} />
          <span className="ell">
            <Marked text={item.service} wanted={wanted} />
          </span>
        </>
      );
    case 'command':
      return (
        <>
          <Icon name="go" className="s14" />
          <span className="ell grow">
            <Marked text={item.command.title} wanted={wanted} />
          </span>
          {item.command.hotkeys?.[0] && <KeyCaps hotkey={item.command.hotkeys[0]} />}
        </>
      );
  }
}

function keyOf(item: PaletteItem): string {
  switch (item.kind) {
    case 'trace':
      return item.traceId;
    case 'pin':
      return item.pin;
    case 'service':
      return `service ${item.service}`;
    case 'command':
      return item.command.id;
  }
}
