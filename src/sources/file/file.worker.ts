import type { FileRequest } from './file-protocol.ts';
import { FileSession } from './file-session.ts';

/** Entry of the file worker: files in, findings, answers and columns out (`file-protocol.ts`). It has no network. */
const session = new FileSession((reply, transfer) => postMessage(reply, { transfer }));

addEventListener('message', (event: MessageEvent<FileRequest>) => {
  // A throw in here is a fault of ours: it reaches the page as the worker's error event.
  session.handle(event.data).catch((fault: unknown) => {
    queueMicrotask(() => {
      throw fault;
    });
  });
});
