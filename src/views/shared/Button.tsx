import type { ComponentProps } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-paths.ts';

type Native = Omit<ComponentProps<'button'>, 'type'>;

/** A 26 px control. Its children are its name. */
export function Button({
  kind = 'plain',
  icon,
  children,
  className = '',
  ...rest
}: Native & { kind?: 'plain' | 'quiet' | 'primary'; icon?: IconName }) {
  return (
    <button {...rest} type="button" className={`btn ${kind} ${className}`}>
      {icon && <Icon name={icon} className="s14" />}
      {children}
    </button>
  );
}

/** A square control that shows only an icon; `label` is its name and its tooltip, `keys` the hotkey beside it. */
export function IconButton({
  kind = 'plain',
  icon,
  label,
  keys,
  className = '',
  ...rest
}: Native & { kind?: 'plain' | 'quiet'; icon: IconName; label: string; keys?: string | undefined }) {
  return (
    <button
      {...rest}
      type="button"
      className={`btn icon ${kind} ${className}`}
      aria-label={label}
      data-tip={label}
      data-tip-keys={keys}
    >
      <Icon name={icon} className="s14" />
    </button>
  );
}
