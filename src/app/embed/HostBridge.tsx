import { useEffect, useMemo, useRef } from 'react';
import { panelStore, wantedHeight } from '#state/embed/panel-store.ts';
import { useSources } from '#state/source-context.ts';
import { parseSearch, printUrl } from '#state/url/codecs.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import type { HostMessage } from './host-messages.ts';
import { hostOrigins, originOfHost } from './host-origin.ts';
import { onOpen } from './open-outside.ts';

/** What a panel tells its host; all but `hello` of version 1 in the other direction is in host-messages.ts. */
type PanelMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'size'; readonly height: number }
  | { readonly type: 'selection'; readonly [key: string]: string | null }
  | { readonly type: 'open'; readonly url: string };

/**
 * Talks with the page around the panel, version 1. Heard is only that page, and only while its origin may frame the panel;
 * told is only that origin. Everything else is passed over in silence.
 */
export function HostBridge() {
  const { config } = useSources();
  const url = useUrl();
  const go = useGo();
  const allowed = useMemo(() => hostOrigins(location.origin, config.frameAncestors), [config]);
  const host = useRef<string>(undefined);

  useEffect(() => {
    if (window.parent === window) return;
    const send = (message: PanelMessage): void => {
      if (host.current !== undefined) window.parent.postMessage({ throughline: 1, ...message }, host.current);
    };
    const tellSize = (): void => {
      const height = wantedHeight(panelStore.getState());
      if (height !== undefined) send({ type: 'size', height });
    };
    const greet = (): void => {
      send({ type: 'ready' });
      tellSize();
    };
    const { ancestorOrigins } = location as { ancestorOrigins?: ArrayLike<string> };
    host.current = originOfHost(allowed, { ancestorOrigins, referrer: document.referrer });
    greet();
    const listen = (event: MessageEvent<unknown>): void => {
      if (event.source !== window.parent || !allowed.has(event.origin)) return;
      void import('./host-messages.ts').then(({ readHostMessage }) => {
        const message = readHostMessage(event.data);
        if (message === undefined) return;
        host.current = event.origin;
        if (message.type === 'hello') greet();
        else obey(message, go);
      });
    };
    window.addEventListener('message', listen);
    const stopSizes = panelStore.subscribe((now, before) => {
      if (wantedHeight(now) !== wantedHeight(before)) tellSize();
    });
    const stopOpens = onOpen(opened => send({ type: 'open', url: opened }));
    return () => {
      window.removeEventListener('message', listen);
      stopSizes();
      stopOpens();
    };
  }, [allowed, go]);

  const selection = JSON.stringify(selectionOf(url));
  const told = useRef(selection);
  useEffect(() => {
    if (told.current === selection) return;
    told.current = selection;
    if (window.parent === window || host.current === undefined) return;
    window.parent.postMessage({ throughline: 1, type: 'selection', ...JSON.parse(selection) }, host.current);
  }, [selection]);
  return null;
}

function obey(message: Exclude<HostMessage, { readonly type: 'hello' }>, go: ReturnType<typeof useGo>): void {
  switch (message.type) {
    case 'theme':
      panelStore.setState(({ look }) => ({ look: { ...look, theme: message.theme } }));
      break;
    case 'range':
      go({ from: message.from, to: message.to }, 'replace');
      break;
    case 'query':
      go({ q: message.query, box: undefined }, 'replace');
      break;
    case 'select':
      go({ span: message.span, nth: 1 }, 'replace');
      break;
  }
}

/** What is selected, written as in links: the span of a trace, the pick of a graph, the box of a heatmap or a list. */
function selectionOf(url: UrlState): Record<string, string | null> {
  const params = parseSearch(printUrl(url).search);
  const key = url.page.name === 'trace' ? 'span' : url.page.name === 'graph' ? 'pick' : 'box';
  return { [key]: params[key] ?? null };
}
