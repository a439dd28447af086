import { type ReactNode, useId, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { Icon } from '#views/shared/Icon.tsx';

/** A part of the drawer that folds. `dropped` are items that the SDK left out; `note` says what is inside while closed. */
export function DrawerSection({
  title,
  count,
  dropped = 0,
  note,
  startsClosed = false,
  isSearched = false,
  children,
}: {
  title: string;
  count?: number;
  dropped?: number | undefined;
  note?: string;
  startsClosed?: boolean;
  /** Somebody looks for something in it: it is open unless it was closed since. */
  isSearched?: boolean;
  children: ReactNode;
}) {
  const [chosen, setOpen] = useState<boolean>();
  const open = chosen ?? (isSearched || !startsClosed);
  const id = useId();
  return (
    <section className="dr-sec">
      <h3>
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'down' : 'right'} className="s12" />
          <span className="strong">{title}</span>
          {count !== undefined && <span className="mut">{formatCount(count)}</span>}
          {dropped > 0 && <span className="tag wf-warn">{formatCount(dropped)} dropped by the SDK</span>}
          {note !== undefined && !open && <bdi className="mut ell">{note}</bdi>}
        </button>
      </h3>
      <div id={id} hidden={!open}>
        {open && children}
      </div>
    </section>
  );
}
