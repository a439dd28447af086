import { loadTrace } from '#sources/tempo/load-trace.ts';
import type { StartPort } from '#sources/trace-client.ts';
import { TraceSession } from '#sources/trace-session.ts';

/**
 * For tests: the worker's side of the protocol in this thread, with a fetch of the test's. Messages are cloned and
 * buffers handed over as between threads, and replies come later, not within the call.
 */
export function startInThread(fetch: typeof globalThis.fetch): StartPort {
  return (onReply, onFault) => {
    const session = new TraceSession(
      (reply, transfer) => {
        const message = structuredClone(reply, { transfer });
        queueMicrotask(() => onReply(message));
      },
      (request, tools) => loadTrace(request, { ...tools, fetch }),
    );
    let ended = false;
    return {
      send(request, transfer = []) {
        const message = structuredClone(request, { transfer });
        queueMicrotask(() => {
          if (!ended) session.handle(message).catch((fault: unknown) => onFault(String(fault)));
        });
      },
      terminate() {
        ended = true;
      },
    };
  };
}
