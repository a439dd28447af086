import { useEffect, useState } from 'react';
import { beginWork } from '#state/idle.ts';

export type Async<T> =
  | { readonly state: 'waiting' }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

const WAITING: Async<never> = { state: 'waiting' };

/** Runs `start` when it changes (memoise it) and follows its promise; a promise that was replaced is ignored. */
export function useAsync<T>(start: () => Promise<T>): Async<T> {
  const [outcome, setOutcome] = useState<{ of: () => Promise<T>; is: Async<T> }>();
  useEffect(() => {
    let wanted = true;
    const done = beginWork();
    start()
      .then(
        value => wanted && setOutcome({ of: start, is: { state: 'done', value } }),
        error => wanted && setOutcome({ of: start, is: { state: 'failed', error } }),
      )
      .finally(done);
    return () => {
      wanted = false;
      done();
    };
  }, [start]);
  return outcome?.of === start ? outcome.is : WAITING;
}
