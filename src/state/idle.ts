/**
 * Counts work in flight that no query knows about: worker tasks, layout, drawing. `<html data-idle>` is true only while
 * this count is zero (src/app/idle.ts joins it with the query cache).
 */

type Listener = () => void;

let open = 0;
const listeners = new Set<Listener>();

/** Marks the start of a piece of work; call the returned function once when it is done (further calls do nothing). */
export function beginWork(): () => void {
  open += 1;
  notify();
  let done = false;
  return () => {
    if (done) return;
    done = true;
    open -= 1;
    notify();
  };
}

/** Number of pieces of work that have begun and not ended. */
export function openWork(): number {
  return open;
}

export function onWorkChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function notify(): void {
  for (const listener of listeners) listener();
}
