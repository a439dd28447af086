import type { QueryClient } from '@tanstack/react-query';
import { onWorkChange, openWork } from '#state/idle.ts';

/**
 * Keeps `<html data-idle>`: "false" from the moment work begins, "true" once no query fetches, no mutation runs, no work
 * is open, and two frames have passed, in which React has rendered and the browser has painted what came of it.
 */
export function keepIdleSignal(root: HTMLElement, queries: QueryClient): void {
  let wait = 0;

  const isBusy = () => queries.isFetching() > 0 || queries.isMutating() > 0 || openWork() > 0;

  function update(): void {
    wait += 1;
    if (isBusy()) {
      root.dataset.idle = 'false';
      return;
    }
    const turn = wait;
    afterTwoFrames(() => {
      if (turn === wait && !isBusy()) root.dataset.idle = 'true';
    });
  }

  queries.getQueryCache().subscribe(update);
  queries.getMutationCache().subscribe(update);
  onWorkChange(update);
  update();
}

/** Hidden tabs get no frames; a timer stands in for them. */
function afterTwoFrames(task: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(task, 32);
  else requestAnimationFrame(() => requestAnimationFrame(task));
}

/** Runs the task once, when the page first rests. Returns what gives it up. */
export function onceIdle(root: HTMLElement, task: () => void): () => void {
  const observer = new MutationObserver(check);
  function check(): void {
    if (root.dataset.idle !== 'true') return;
    observer.disconnect();
    task();
  }
  observer.observe(root, { attributes: true, attributeFilter: ['data-idle'] });
  check();
  return () => observer.disconnect();
}
