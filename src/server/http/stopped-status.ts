import type { QueryStopped } from '#server/store/store.ts';

/** The status of the answer to a query that was stopped. 499 is for the log: nobody waits for it. */
export const STOPPED_STATUS: Readonly<Record<QueryStopped['reason'], number>> = {
  deadline: 504,
  memory: 422,
  busy: 429,
  aborted: 499,
  closed: 503,
};
