import type { ReactNode } from 'react';

/** A heading with what it speaks of, and what stands under it. */
export function Section({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="store-section">
      <h2>{title}</h2>
      {lead !== undefined && <p className="sec t12 store-lead">{lead}</p>}
      {children}
    </section>
  );
}
