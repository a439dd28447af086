import { type ReactNode, useCallback, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** What the trigger must spread so that the browser opens, closes and restores focus by itself. */
export interface TriggerProps {
  readonly popoverTarget: string;
  readonly 'aria-haspopup': 'dialog' | 'menu';
  readonly 'aria-expanded': boolean;
  readonly 'aria-controls': string;
}

export interface PopoverProps {
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
  /** Which edge of the trigger the panel shares. */
  readonly align?: 'start' | 'end';
  readonly className?: string;
  readonly trigger: (props: TriggerProps) => ReactNode;
  /** Rendered only while open. */
  readonly children: (close: () => void) => ReactNode;
  readonly onKeyDown?: (event: React.KeyboardEvent<HTMLElement>) => void;
}

/**
 * A panel in the top layer under its trigger, or over it where there is more room: the platform's popover, which closes on Escape and on a press elsewhere
 * and gives the focus back. An element with `data-autofocus` inside takes the focus on opening, else the panel itself.
 */
export function Popover({
  label,
  role = 'dialog',
  align = 'start',
  className = '',
  trigger,
  children,
  onKeyDown,
}: PopoverProps) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<React.CSSProperties>();
  const close = useCallback(() => panel.current?.hidePopover(), []);
  const open = place !== undefined;
  return (
    <>
      {trigger({ popoverTarget: id, 'aria-haspopup': role, 'aria-expanded': open, 'aria-controls': id })}
      {/* biome-ignore lint/a11y: the role is a dialog or a menu, which take a name and keys */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={label}
        tabIndex={-1}
        className={`pop ${className}`}
        style={place}
        onKeyDown={onKeyDown}
        onBeforeToggle={event => {
          if (event.target !== panel.current || event.newState !== 'open') return;
          flushSync(() => setPlace(placeBeside(id, align)));
        }}
        onToggle={event => {
          if (event.target !== panel.current) return;
          // Not before it is closed: the focus goes back only from what is still there.
          if (event.newState !== 'open') setPlace(undefined);
          else (panel.current.querySelector<HTMLElement>('[data-autofocus]') ?? panel.current).focus();
        }}
      >
        {open && children(close)}
      </div>
    </>
  );
}

/** Less room than this below the trigger, and more above it: the panel opens upwards. */
const LEAST_ROOM = 320;

function placeBeside(id: string, align: 'start' | 'end'): React.CSSProperties {
  const box = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`)?.getBoundingClientRect();
  if (!box) return { top: 8, left: 8 };
  const { clientWidth, clientHeight } = document.documentElement;
  const [below, above] = [clientHeight - box.bottom - 12, box.top - 12];
  const vertical =
    below < LEAST_ROOM && above > below
      ? { top: 'auto', bottom: clientHeight - box.top + 4, maxHeight: above }
      : { top: box.bottom + 4, maxHeight: Math.max(120, below) };
  if (align === 'end') return { ...vertical, right: Math.max(8, clientWidth - box.right), left: 'auto' };
  return { ...vertical, left: Math.max(8, box.left), right: 'auto' };
}
