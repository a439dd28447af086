import type { QueryFunction } from './query-context.ts';

/** Every query the worker can run, by `QueryRequest.kind`. */
export const queries: Readonly<Record<string, QueryFunction>> = {};
