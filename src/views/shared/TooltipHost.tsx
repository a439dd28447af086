import { useEffect, useRef, useState } from 'react';
import { KeyCaps } from './KeyCaps.tsx';

interface Tip {
  readonly text: string;
  readonly keys: string | undefined;
  readonly box: DOMRect;
}

const DELAY_MS = 450;

/**
 * The one tooltip of the page. Elements name theirs with `data-tip` (text) and `data-tip-keys` (hotkeys, such as
 * `Mod+k`); it shows after a pause of the pointer or at once on keyboard focus. It repeats names that are already
 * there, so it is hidden from assistive technology.
 */
export function TooltipHost() {
  const host = useRef<HTMLDivElement>(null);
  const [tip, setTip] = useState<Tip>();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let owner: Element | undefined;
    const hide = () => {
      clearTimeout(timer);
      owner = undefined;
      setTip(undefined);
    };
    const show = (element: HTMLElement) => {
      const text = element.dataset.tip;
      if (text && !isPlain(element, text))
        setTip({ text, keys: element.dataset.tipKeys, box: element.getBoundingClientRect() });
    };
    const over = (event: PointerEvent) => {
      const element = ownerOf(event.target);
      if (element === owner) return;
      hide();
      owner = element;
      if (element) timer = setTimeout(() => element.isConnected && show(element), DELAY_MS);
    };
    const focus = (event: FocusEvent) => {
      const element = ownerOf(event.target);
      if (element?.matches(':focus-visible')) show(element);
    };
    const options = { capture: true, passive: true };
    document.addEventListener('pointerover', over, options);
    document.addEventListener('focusin', focus, options);
    for (const type of ['focusout', 'pointerdown', 'keydown', 'scroll', 'wheel'] as const) {
      document.addEventListener(type, hide, options);
    }
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over, options);
      document.removeEventListener('focusin', focus, options);
      for (const type of ['focusout', 'pointerdown', 'keydown', 'scroll', 'wheel'] as const) {
        document.removeEventListener(type, hide, options);
      }
    };
  }, []);

  useEffect(() => {
    const element = host.current!;
    if (!tip) {
      if (element.matches(':popover-open')) element.hidePopover();
      return;
    }
    try {
      element.showPopover();
    } catch {
      // While another popover opens the browser refuses a second one: then that is what the reader looks at.
      return;
    }
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = element.getBoundingClientRect();
    const below = tip.box.bottom + 6;
    const top = below + height > clientHeight - 4 ? tip.box.top - height - 6 : below;
    const centred = tip.box.left + Math.min(tip.box.width, 240) / 2 - width / 2;
    element.style.top = `${Math.max(4, top)}px`;
    element.style.left = `${Math.max(4, Math.min(clientWidth - width - 4, centred))}px`;
  }, [tip]);

  return (
    <div ref={host} popover="manual" className="pop tip" aria-hidden="true">
      {tip?.text}
      {tip?.keys && <KeyCaps hotkey={tip.keys} />}
    </div>
  );
}

/** The text is there already, whole. */
function isPlain(element: HTMLElement, text: string): boolean {
  return element.textContent === text && element.scrollWidth <= element.clientWidth;
}

function ownerOf(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-tip]') ?? undefined) : undefined;
}
