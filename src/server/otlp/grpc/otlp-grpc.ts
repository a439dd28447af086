import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { Log } from '#server/http/log.ts';
import { OncePerMinute } from '#server/otlp/once-per-minute.ts';
import { successBody } from '#server/otlp/status.ts';
import type { IngestResult, Store } from '#server/store/store.ts';
import { entrance } from './entrance.ts';
import { type CallFailure, failure, refusal, retryLater } from './grpc-status.ts';
import { healthHandlers, healthService } from './health.ts';
import { rawMethod } from './raw-method.ts';
import { ReadSlots } from './read-slots.ts';

export interface OtlpGrpcOptions {
  readonly store: Pick<Store, 'ingest' | 'ready'>;
  readonly log: Log;
  /** Names it answers to (`:authority`); undefined for any. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly isDraining: () => boolean;
  /** Largest message, as sent and unpacked. Default 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Messages that may be arriving at one time, and those that may wait for it. Default 32 and 1,024. */
  readonly slots?: number;
  readonly maxWaiting?: number;
  /** Default 30 s. */
  readonly messageTimeoutMs?: number;
  readonly watchHealthEveryMs?: number;
}

export interface OtlpGrpc {
  /** Listens for connections; gRPC gets each of them. */
  readonly server: NetServer;
  /** Takes no new connections and calls, lets those that run end. */
  close(): Promise<void>;
  closeAllConnections(): void;
}

const TRACES = 'opentelemetry.proto.collector.trace.v1.TraceService';
const notTaken = {
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
};

/** The OTLP/gRPC receiver. What happens to a message is what happens to a protobuf body that came over HTTP. */
export function otlpGrpc(options: OtlpGrpcOptions): OtlpGrpc {
  const { store, log, maxMessageBytes = 16 * 2 ** 20 } = options;
  const said = new OncePerMinute();
  const refused = (path: string, code: status, message: string) => {
    // Whoever is put off comes back: a line for each would fill the disk that is full already.
    const isPutOff = code === status.UNAVAILABLE || code === status.RESOURCE_EXHAUSTED;
    if (!isPutOff || said.first(message.replace(/\d+/g, '')))
      log.request({ port: 'otlp-grpc', method: 'POST', url: path, status: code, ms: 0, message });
  };

  const grpc = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_concurrent_streams': 256,
    // The default of HTTP/2, 64 KiB, makes the sender of a large message wait for us again and again.
    'grpc-node.flow_control_window': 2 ** 20,
    'grpc.enable_channelz': 0,
    interceptors: [
      entrance({
        hosts: options.hosts,
        slots: new ReadSlots(options.slots ?? 32, options.maxWaiting ?? 1024),
        messageTimeoutMs: options.messageTimeoutMs ?? 30_000,
        onRefused: refused,
      }),
    ],
  });

  const receive: handleUnaryCall<Uint8Array, Uint8Array> = async (call, answer) => {
    const outcome = await answerTo(call.request);
    if (outcome instanceof Uint8Array) return answer(null, outcome);
    refused(call.getPath(), outcome.code, outcome.details);
    return answer(outcome);
  };
  grpc.addService({ export: rawMethod(`/${TRACES}/Export`) }, { export: receive });

  for (const [signal, service] of Object.entries(notTaken)) {
    const refuse: handleUnaryCall<Uint8Array, Uint8Array> = (_call, answer) => {
      const message = `something sends ${signal} here; only traces are taken`;
      if (said.first(signal)) log.event('otlp-unsupported', { path: `/${service}/Export`, message });
      answer(failure(status.UNIMPLEMENTED, `${signal} are not received; traces go to ${TRACES}`));
    };
    grpc.addService({ export: rawMethod(`/${service}/Export`) }, { export: refuse });
  }
  const isServing = async () => !options.isDraining() && (await store.ready()).ok;
  grpc.addService(
    healthService,
    healthHandlers({ services: [TRACES], isServing, watchEveryMs: options.watchHealthEveryMs ?? 5000 }),
  );

  // The listener is ours, so that its errors and limits are those of the other ports.
  const entry = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    entry.injectConnection(socket);
  });
  server.maxConnections = 1024;

  return {
    server,
    close: () =>
      new Promise(resolve => {
        // Ends when the last connection does. gRPC's own end of a shutdown does not wait for calls.
        server.close(() => resolve());
        grpc.tryShutdown(() => {});
      }),
    closeAllConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
  };

  /** ExportTraceServiceResponse, or how the call fails. */
  async function answerTo(message: Uint8Array): Promise<Uint8Array | CallFailure> {
    let result: IngestResult;
    try {
      result = await store.ingest(message, 'protobuf');
    } catch (error) {
      log.event('error', { where: 'otlp-grpc', message: String((error as Error).stack ?? error) });
      return retryLater(status.UNAVAILABLE, 'the receiver failed; try again', 5);
    }
    switch (result.kind) {
      case 'stored':
        return successBody('protobuf', result.rejected, result.message);
      case 'invalid':
        return refusal(status.INVALID_ARGUMENT, result.message, result.field ?? '');
      case 'unavailable': {
        const code = result.isOverload === true ? status.RESOURCE_EXHAUSTED : status.UNAVAILABLE;
        return retryLater(code, result.message, result.retryAfterS);
      }
    }
  }
}
