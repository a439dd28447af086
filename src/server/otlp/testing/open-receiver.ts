import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { parseTraceId } from '#domain/ids.ts';
import { otlpApp } from '#server/otlp/otlp-app.ts';
import { contentTypeOf, type OtlpEncoding } from '#server/otlp/status.ts';
import { openStore, type Store, type StoreOptions } from '#server/store/store.ts';

/** A span as OTLP/JSON has it. */
export interface SpanRead {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly attributes?: readonly { readonly key?: string; readonly value?: unknown }[];
}

export interface Receiver {
  readonly store: Store;
  post(encoding: OtlpEncoding, body: Uint8Array | string): Promise<ReceiverAnswer>;
  /** TracesData as the store gives it; undefined if there is no such trace. */
  bytesOf(traceId: string): Promise<Uint8Array | undefined>;
  spansOf(traceId: string): Promise<SpanRead[]>;
  close(): Promise<void>;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** The whole way of a request, without a port: receiver, decoder, store on disk and back. */
export async function openReceiver(options: Partial<StoreOptions> = {}): Promise<Receiver> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-otlp-'));
  const opened = await openStore({
    dataDir: join(folder, 'data'),
    retentionMs: 3_600_000,
    baggageKeys: [],
    minFreeDiskBytes: 0,
    ...options,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const log = { event: () => {}, request: () => {}, say: () => {} };
  const app = otlpApp({ store, log, hosts: undefined, corsOrigins: [] });

  const bytesOf = async (traceId: string) => {
    const id = parseTraceId(traceId);
    return id.ok ? store.trace(id.value) : undefined;
  };
  return {
    store,
    bytesOf,
    post: async (encoding, body) => {
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/traces',
        headers: { host: 'localhost', 'content-type': contentTypeOf[encoding] },
        payload: Buffer.from(body),
      });
      if (answer.headers['content-type'] !== contentTypeOf[encoding]) {
        throw new Error(`the answer came as ${answer.headers['content-type']}`);
      }
      const retryAfter = answer.headers['retry-after'] as string | undefined;
      return { status: answer.statusCode, retryAfter, body: answer.rawPayload };
    },
    spansOf: async traceId => {
      const bytes = await bytesOf(traceId);
      if (bytes === undefined) return [];
      const { resourceSpans } = JSON.parse(protoToOtlpJson(bytes)) as {
        resourceSpans: { scopeSpans: { spans: SpanRead[] }[] }[];
      };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    },
    close: async () => {
      await app.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
