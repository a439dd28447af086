import traceWorkerUrl from './trace.worker.ts?worker&url';
import type { StartPort } from './trace-client.ts';
import type { TraceReply } from './trace-protocol.ts';

/** The part of Trusted Types that is used here; compilers' DOM types do not have it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/**
 * Starts a trace worker. The only place where a worker starts: under the page's Content-Security-Policy a script URL
 * must come from the policy `app-worker`, and this policy lets no other URL through.
 */
export const startTraceWorker: StartPort = (onReply, onFault) => {
  const worker = new Worker(scriptUrl(traceWorkerUrl), { type: 'module', name: 'trace' });
  worker.onmessage = (event: MessageEvent<TraceReply>) => onReply(event.data);
  worker.onmessageerror = () => onFault('its answer could not be read');
  worker.onerror = event => onFault(event.message);
  return {
    send: request => worker.postMessage(request),
    terminate: () => worker.terminate(),
  };
};

let policy: { createScriptURL(url: string): string } | undefined;

function scriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('app-worker', {
    createScriptURL: asked => {
      if (asked !== traceWorkerUrl) throw new TypeError(`not a worker of this app: ${asked}`);
      return asked;
    },
  });
  return policy?.createScriptURL(url) ?? url;
}
