import { loadTrace } from './tempo/load-trace.ts';
import type { TraceRequest } from './trace-protocol.ts';
import { TraceSession } from './trace-session.ts';

/** Entry of the trace workers: requests for traces in, columns and answers out (`trace-protocol.ts`). */
const session = new TraceSession(
  (reply, transfer) => postMessage(reply, { transfer }),
  (request, tools) => loadTrace(request, { ...tools, fetch: (...asked) => fetch(...asked) }),
);

addEventListener('message', (event: MessageEvent<TraceRequest>) => {
  session.handle(event.data).then(warmUpLater, fail);
});

/** A throw in here is a fault of ours: it reaches the page as the worker's error event. */
function fail(fault: unknown): void {
  queueMicrotask(() => {
    throw fault;
  });
}

/** What follows a start at once is a trace that was opened by its address: that must not wait. */
const REST_MS = 250;
let timer: ReturnType<typeof setTimeout> | undefined;

function warmUpLater(): void {
  clearTimeout(timer);
  if (session.isUntried) timer = setTimeout(warmUpNow, REST_MS);
}

function warmUpNow(): void {
  if (!session.isUntried) return;
  // Apart from the worker's script: who opens one trace only, as a panel does, needs none of it. Where it cannot be had,
  // the first trace takes a little longer.
  import('./warm-up.ts').then(({ warmUp }) => warmUp(() => session.isUntried)).catch(() => undefined);
}

warmUpLater();
