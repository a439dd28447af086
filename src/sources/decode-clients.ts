import { DecodeClient, type StartPort } from './decode-client.ts';
import { startDecodeWorker } from './start-worker.ts';

/** One worker decodes the traces that are opened, another the many small ones of ribbons: a big trace holds up no list. */
export interface DecodeClients {
  readonly traces: DecodeClient;
  readonly ribbons: DecodeClient;
}

/** Two workers for a page, however many sources it has; each starts when it is first needed. */
export function createDecodeClients(start: StartPort = startDecodeWorker): DecodeClients {
  return { traces: new DecodeClient(start), ribbons: new DecodeClient(start) };
}
