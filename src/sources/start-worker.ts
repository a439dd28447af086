import layoutWorkerUrl from '#layout/layout.worker.ts?worker&url';
import type { LayoutReply, LayoutRequest } from '#layout/layout-protocol.ts';
import fileWorkerUrl from './file/file.worker.ts?worker&url';
import type { StartFilePort } from './file/file-client.ts';
import type { FileReply } from './file/file-protocol.ts';
import traceWorkerUrl from './trace.worker.ts?worker&url';
import type { StartPort } from './trace-client.ts';
import type { TraceReply } from './trace-protocol.ts';

/** The part of Trusted Types that is used here; compilers' DOM types do not have it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/**
 * Starts a trace worker. This file is the only place where workers start: under the page's Content-Security-Policy a
 * script URL must come from the policy `app-worker`, and this policy lets no other URLs through.
 */
export const startTraceWorker: StartPort = (onReply, onFault) =>
  start<unknown, TraceReply>(traceWorkerUrl, 'trace', onReply, onFault);

/** Starts the worker that reads files. */
export const startFileWorker: StartFilePort = (onReply, onFault) =>
  start<unknown, FileReply>(fileWorkerUrl, 'file', onReply, onFault);

/** Starts the layout worker. */
export const startLayoutWorker = (onReply: (reply: LayoutReply) => void, onFault: (what: string) => void) =>
  start<LayoutRequest, LayoutReply>(layoutWorkerUrl, 'layout', onReply, onFault);

function start<Request, Reply>(
  url: string,
  name: string,
  onReply: (reply: Reply) => void,
  onFault: (what: string) => void,
) {
  const worker = new Worker(scriptUrl(url), { type: 'module', name });
  worker.onmessage = (event: MessageEvent<Reply>) => onReply(event.data);
  worker.onmessageerror = () => onFault('its answer could not be read');
  worker.onerror = event => onFault(event.message);
  return {
    send: (request: Request, transfer: Transferable[] = []) => worker.postMessage(request, transfer),
    terminate: () => worker.terminate(),
  };
}

let policy: { createScriptURL(url: string): string } | undefined;

function scriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('app-worker', {
    createScriptURL: asked => {
      if (asked !== traceWorkerUrl && asked !== layoutWorkerUrl && asked !== fileWorkerUrl) {
        throw new TypeError(`not a worker of this app: ${asked}`);
      }
      return asked;
    },
  });
  return policy?.createScriptURL(url) ?? url;
}
