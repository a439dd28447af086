import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-paths.ts';
import { Popover, type TriggerProps } from './Popover.tsx';

/** A menu under its trigger: arrow keys, Home, End and first letters move; Enter and Space choose; Tab closes. */
export function Menu({
  label,
  align,
  trigger,
  children,
}: {
  label: string;
  align?: 'start' | 'end';
  trigger: (props: TriggerProps) => ReactNode;
  children: (close: () => void) => ReactNode;
}) {
  return (
    <Popover
      label={label}
      role="menu"
      {...(align && { align })}
      className="menu"
      trigger={trigger}
      onKeyDown={moveFocus}
    >
      {children}
    </Popover>
  );
}

/** One line of a menu. `checked` makes it a choice of a group, with a tick. */
export function MenuItem({
  icon,
  checked,
  keys,
  disabled,
  onChoose,
  children,
}: {
  icon?: IconName;
  checked?: boolean;
  keys?: ReactNode;
  /** Can be reached, and read, but not chosen. */
  disabled?: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  const shape = checked === undefined ? icon : checked ? 'check' : undefined;
  return (
    <button
      type="button"
      {...(checked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': checked })}
      tabIndex={-1}
      className="menu-item"
      data-autofocus={checked === true ? '' : undefined}
      aria-disabled={disabled}
      onClick={disabled ? undefined : onChoose}
    >
      {shape ? <Icon name={shape} className="s14" /> : <span className="ico s14" />}
      <span className="grow">{children}</span>
      {keys}
    </button>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return (
    <div className="menu-head" role="presentation">
      {children}
    </div>
  );
}

export function MenuLine() {
  return <hr className="menu-line" style={{ border: 0 }} />;
}

function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = (() => {
    switch (event.key) {
      case 'ArrowDown':
        return items[(at + 1) % items.length];
      case 'ArrowUp':
        return items[(at <= 0 ? items.length : at) - 1];
      case 'Home':
        return items[0];
      case 'End':
        return items.at(-1);
      default:
        if (!/^\p{L}$/u.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
        return [...items.slice(at + 1), ...items].find(item => startsWith(item, event.key));
    }
  })();
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

function startsWith(item: HTMLElement, letter: string): boolean {
  return (item.textContent ?? '').trim().toLowerCase().startsWith(letter.toLowerCase());
}
