import type { DecodeRequest } from './decode-protocol.ts';
import { DecodeSession } from './decode-session.ts';

/** Entry of the decode workers: bytes of traces in, columns and answers out (`decode-protocol.ts`). */
const session = new DecodeSession((reply, transfer) => postMessage(reply, transfer));

addEventListener('message', (event: MessageEvent<DecodeRequest>) => {
  // A throw in here is a fault of ours: it reaches the page as the worker's error event.
  session.handle(event.data).catch((fault: unknown) => {
    queueMicrotask(() => {
      throw fault;
    });
  });
});
