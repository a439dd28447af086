import { panelStore } from '#state/embed/panel-store.ts';

type Tell = (url: string) => void;

let tell: Tell = () => undefined;

/** Who is told which address of Throughline the reader opens. */
export function onOpen(listener: Tell): () => void {
  tell = listener;
  return () => {
    tell = () => undefined;
  };
}

/** Opens an address of Throughline in a tab of its own, or leaves that to the host, if it asked for it. */
export function openOutside(href: string): void {
  const url = new URL(href, location.href).href;
  tell(url);
  if (!opensInHost()) window.open(url, '_blank', 'noopener');
}

/** Real links of a panel lead out of the frame: the frame itself never shows another page. */
export function keepLinksOutside(): void {
  const pressed = (event: MouseEvent) => {
    const link = (event.composedPath()[0] as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.hasAttribute('download')) return;
    event.stopPropagation();
    link.target = '_blank';
    link.rel = 'noopener';
    tell(link.href);
    if (opensInHost()) event.preventDefault();
  };
  document.addEventListener('click', pressed, true);
  document.addEventListener('auxclick', pressed, true);
}

function opensInHost(): boolean {
  return panelStore.getState().look.opens === 'host' && window.parent !== window;
}
