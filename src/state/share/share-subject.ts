import { useEffect, useRef } from 'react';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** What a page says of what it shows, for those who share it. */
export interface ShareSubject {
  /** `storefront POST /checkout` */
  readonly title: string;
  /** In one line; '' for none. */
  readonly facts: string;
  /** The open trace, where the page shows one. */
  readonly table?: TraceTable;
}

let offered: (() => ShareSubject) | undefined;

/** Tells what is shared while the component is mounted. */
export function useShareSubject(subject: () => ShareSubject): void {
  const latest = useRef(subject);
  useEffect(() => {
    latest.current = subject;
  });
  useEffect(() => {
    const ask = () => latest.current();
    offered = ask;
    return () => {
      if (offered === ask) offered = undefined;
    };
  }, []);
}

/** What the page that is open says of itself; undefined where it says nothing. */
export function shareSubject(): ShareSubject | undefined {
  return offered?.();
}
