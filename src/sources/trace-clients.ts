import { startTraceWorker } from './start-worker.ts';
import { type StartPort, TraceClient } from './trace-client.ts';

/** One worker reads the traces that are opened, another the many small ones of ribbons: a big trace holds up no list. */
export interface TraceClients {
  readonly traces: TraceClient;
  readonly ribbons: TraceClient;
}

/** Two workers, each started when it is first needed. */
export function createTraceClients(start: StartPort = startTraceWorker): TraceClients {
  return { traces: new TraceClient(start), ribbons: new TraceClient(start) };
}

let shared: TraceClients | undefined;

/** Those of the page, however many sources it has. */
export function sharedTraceClients(): TraceClients {
  shared ??= createTraceClients();
  return shared;
}
