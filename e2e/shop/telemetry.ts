/**
 * Preloaded by every shop process (`node --import telemetry.ts cart.ts`): the OpenTelemetry Node SDK with its automatic
 * instrumentations, sending spans as OTLP/HTTP protobuf. Endpoint, service name and resource come from the standard
 * OTEL_* variables that `shop.ts` sets.
 */
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { context } from '@opentelemetry/api';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { BaggageSpanProcessor } from '@opentelemetry/baggage-span-processor';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { isSessionKey } from './baggage.ts';
import { BROKER_HOST, PEER_SERVICE, RESEND_COUNT } from './context-keys.ts';
import { stopWhen } from './lifetime.ts';

// `import http from 'node:http'` in an ES module meets the instrumentation only through the import-in-the-middle hook.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

// Stack traces name files as in a container image, so that recorded exceptions carry no path of this machine.
const folder = fileURLToPath(new URL('.', import.meta.url));
Error.prepareStackTrace = (error, frames) =>
  [String(error), ...frames.map(frame => `    at ${frame}`)]
    .join('\n')
    .replaceAll('file://', '')
    .replaceAll(folder, '/app/');

// A process stops after its last span has ended, so that no trace loses its end.
const open = new Set<object>();
const openSpans: tracing.SpanProcessor = {
  onStart: span => void open.add(span),
  onEnd: span => void open.delete(span),
  forceFlush: async () => {},
  shutdown: async () => {},
};

const sdk = new NodeSDK({
  spanProcessors: [
    openSpans,
    new BaggageSpanProcessor(isSessionKey),
    new tracing.BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 500 }),
  ],
  instrumentations: [
    getNodeAutoInstrumentations({
      '@opentelemetry/instrumentation-http': {
        // The broker's protocol is not traced; the messages on it are (queue.ts).
        ignoreOutgoingRequestHook: request => request.hostname === BROKER_HOST,
        startOutgoingSpanHook: () => {
          const resends = context.active().getValue(RESEND_COUNT);
          return typeof resends === 'number' && resends > 0 ? { 'http.request.resend_count': resends } : {};
        },
      },
      '@opentelemetry/instrumentation-undici': {
        startSpanHook: () => {
          const peer = context.active().getValue(PEER_SERVICE);
          return typeof peer === 'string' ? { 'peer.service': peer } : {};
        },
      },
    }),
  ],
});
sdk.start();

stopWhen(
  () => open.size === 0,
  () => sdk.shutdown(),
);
