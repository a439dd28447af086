import { DecodeSession } from '#decoding/decode-session.ts';
import type { StartPort } from '#sources/decode-client.ts';

/**
 * For tests: the worker's side of the protocol in this thread. Messages are cloned and
 * buffers handed over as between threads, and replies come later, not within the call.
 */
export const startInThread: StartPort = (onReply, onFault) => {
  const session = new DecodeSession((reply, transfer) => {
    const message = structuredClone(reply, { transfer });
    queueMicrotask(() => onReply(message));
  });
  let ended = false;
  return {
    send(request, transfer) {
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
