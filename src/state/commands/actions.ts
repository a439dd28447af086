import { useEffect, useRef } from 'react';

/** What mounted components can do right now, by command id. The latest to mount wins. */
const offered = new Map<string, (() => void)[]>();

/** Offers an action under a command's id while the component is mounted and `enabled`. */
export function useAction(id: string, action: () => void, enabled = true): void {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => {
    if (!enabled) return;
    return offer(id, () => latest.current());
  }, [id, enabled]);
}

/** As `useAction` outside React; returns the function that withdraws the action. */
export function offer(id: string, action: () => void): () => void {
  const stack = offered.get(id) ?? [];
  offered.set(id, [...stack, action]);
  return () => {
    const rest = (offered.get(id) ?? []).filter(other => other !== action);
    if (rest.length === 0) offered.delete(id);
    else offered.set(id, rest);
  };
}

export function isOffered(id: string): boolean {
  return offered.has(id);
}

export function act(id: string): void {
  offered.get(id)?.at(-1)?.();
}
