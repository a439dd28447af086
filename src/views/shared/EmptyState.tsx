import type { ReactNode } from 'react';

/** A place with nothing in it, said plainly, with what to do about it. */
export function EmptyState({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="state">
      <h2 className="state-title">{title}</h2>
      {children && <div className="sec">{children}</div>}
      {actions && <div className="state-actions">{actions}</div>}
    </div>
  );
}
