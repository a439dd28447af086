import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ProtobufReader } from '#decoding/otlp/protobuf-reader.ts';
import { failure } from './grpc-status.ts';
import { rawMethod } from './raw-method.ts';

/** grpc.health.v1.HealthCheckResponse.ServingStatus */
const Serving = { serving: 1, notServing: 2, serviceUnknown: 3 } as const;
type Serving = (typeof Serving)[keyof typeof Serving];

export interface HealthOptions {
  /** Full names of the services that have a state; '' (the whole server) is always known. */
  readonly services: readonly string[];
  readonly isServing: () => Promise<boolean>;
  /** How often the state is looked at for those who watch it. Default 5,000. */
  readonly watchEveryMs?: number;
}

export const healthService: ServiceDefinition = {
  check: rawMethod('/grpc.health.v1.Health/Check'),
  watch: rawMethod('/grpc.health.v1.Health/Watch', { streams: true }),
};

/** gRPC's standard health protocol, which load balancers and orchestrators ask. */
export function healthHandlers(options: HealthOptions): UntypedServiceImplementation {
  const { services, isServing, watchEveryMs = 5000 } = options;

  async function stateOf(service: string): Promise<Serving> {
    if (service !== '' && !services.includes(service)) return Serving.serviceUnknown;
    return (await isServing().catch(() => false)) ? Serving.serving : Serving.notServing;
  }

  const check: handleUnaryCall<Uint8Array, Uint8Array> = async (call, answer) => {
    const service = serviceOf(call.request);
    if (service === undefined) return answer(failure(status.INVALID_ARGUMENT, 'not a HealthCheckRequest'));
    const state = await stateOf(service);
    if (state === Serving.serviceUnknown) return answer(failure(status.NOT_FOUND, 'no such service'));
    return answer(null, reply(state));
  };

  const watch: handleServerStreamingCall<Uint8Array, Uint8Array> = call => {
    const service = serviceOf(call.request);
    if (service === undefined) call.emit('error', failure(status.INVALID_ARGUMENT, 'not a HealthCheckRequest'));
    else tellChanges(call, () => stateOf(service), watchEveryMs);
  };
  return { check, watch };
}

function tellChanges(
  call: ServerWritableStream<Uint8Array, Uint8Array>,
  state: () => Promise<Serving>,
  everyMs: number,
): void {
  let told: Serving | undefined;
  const look = async () => {
    const now = await state();
    if (now === told || call.cancelled) return;
    told = now;
    call.write(reply(now));
  };
  void look();
  const timer = setInterval(look, everyMs).unref();
  call.on('cancelled', () => clearInterval(timer));
}

/** HealthCheckResponse {1 status} */
function reply(state: Serving): Uint8Array {
  return Uint8Array.of(0x08, state);
}

/** HealthCheckRequest {1 service}; undefined where it is none. */
function serviceOf(bytes: Uint8Array): string | undefined {
  const reader = new ProtobufReader(bytes);
  let service = '';
  while (reader.pos < bytes.length) {
    const tag = reader.tag(bytes.length);
    if (tag !== 0x0a) {
      reader.skipUnknown(tag, 1, 'HealthCheckRequest', bytes.length);
      continue;
    }
    const to = reader.length(bytes.length);
    if (reader.failure !== undefined) break;
    service = new TextDecoder().decode(bytes.subarray(reader.pos, to));
    reader.pos = to;
  }
  return reader.failure === undefined ? service : undefined;
}
