import { loadTrace } from './tempo/load-trace.ts';
import type { TraceRequest } from './trace-protocol.ts';
import { TraceSession } from './trace-session.ts';

/** Entry of the trace workers: requests for traces in, columns and answers out (`trace-protocol.ts`). */
const session = new TraceSession(
  (reply, transfer) => postMessage(reply, { transfer }),
  (request, tools) => loadTrace(request, { ...tools, fetch: (...asked) => fetch(...asked) }),
  warmUpOnDemand,
);

addEventListener('message', (event: MessageEvent<TraceRequest>) => {
  // A throw in here is a fault of ours: it reaches the page as the worker's error event.
  session.handle(event.data).catch((fault: unknown) => {
    queueMicrotask(() => {
      throw fault;
    });
  });
});

/** Apart from the worker's script: who opens one trace only, as a panel does, needs none of it. */
async function warmUpOnDemand(isWanted: () => boolean): Promise<void> {
  // Where it cannot be had, the first trace takes a little longer.
  const part = await import('./warm-up.ts').catch(() => undefined);
  await part?.warmUp(isWanted);
}
