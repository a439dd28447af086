import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isStoredId, MAX_PIN_UPLOAD_BYTES, type PinAnswer } from '#domain/api/pin-api.ts';
import type { ApiError } from '#domain/api/server-api.ts';
import { parseTraceId, type TraceId } from '#domain/ids.ts';
import type { PinRecord, PinRefusal } from '#server/store/pins/pin-requests.ts';
import type { Store } from '#server/store/store.ts';
import { readNewPin, readPinChange } from './pin-bodies.ts';

/** The embedded store, as sources are named in links. */
const OWN_SOURCE = 'local';
const DEFAULT_LIMIT = 200;
const MOST_LISTED = 1000;
const MAX_JSON_BYTES = 128 * 1024;
/** What surrounds the trace in a multipart body. */
const ENVELOPE_BYTES = 256 * 1024;

const STATUS: Readonly<Record<PinRefusal['reason'], number>> = {
  'no-trace': 404,
  invalid: 400,
  full: 507,
  unavailable: 503,
};

type WithId = { Params: { id: string } };

/** Pins: listed, made, changed, removed, and read. Bodies: `#domain/api/pin-api.ts`. */
export function addPinsApi(app: FastifyInstance, { pins }: Pick<Store, 'pins'>): void {
  app.get<{ Querystring: Record<string, unknown> }>('/api/pins', async (request, reply) => {
    const { find = '', trace, limit } = request.query;
    const traceId = trace === undefined ? undefined : parseTraceId(String(trace));
    if (traceId?.ok === false) return fail(reply, 400, `trace: ${traceId.error}`);
    const most = limit === undefined ? DEFAULT_LIMIT : Number(limit);
    if (!Number.isInteger(most) || most < 1 || most > MOST_LISTED) {
      return fail(reply, 400, `limit must be a whole number from 1 to ${MOST_LISTED}`);
    }
    return noStore(reply).send(await pins.list({ find: String(find), traceId: traceId?.value, limit: most }));
  });

  app.register(async scope => {
    scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: MAX_JSON_BYTES }, asItIs);
    const bodyLimit = MAX_PIN_UPLOAD_BYTES + ENVELOPE_BYTES;
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit }, asItIs);

    scope.post('/api/pins', async (request, reply) => {
      const record = await readRecord(request);
      if (typeof record === 'string') return fail(reply, 400, record);
      const made = await pins.create(record);
      if (made.ok) return noStore(reply).code(201).send(made.value);
      const { reason, message } = made.error;
      if (reason === 'unavailable') reply.header('retry-after', '1');
      return fail(reply, STATUS[reason], message);
    });

    scope.patch<WithId>('/api/pins/:id', async (request, reply) => {
      const change = readPinChange(textOf(request.body));
      if (!change.ok) return fail(reply, 400, change.error);
      const { note, expiresUnixMs } = change.value;
      const given = { ...(note !== undefined && { note }), ...(expiresUnixMs !== undefined && { expiresUnixMs }) };
      const answer = isStoredId(request.params.id) ? await pins.change(request.params.id, given) : undefined;
      if (answer?.state === 'kept') return noStore(reply).send(answer.pin);
      return fail(reply, answer === undefined ? 404 : 410, notThere(answer));
    });
  });

  app.get<WithId>('/api/pins/:id', async (request, reply) => {
    const answer = isStoredId(request.params.id) ? await pins.find(request.params.id) : undefined;
    return answer === undefined ? fail(reply, 404, notThere(answer)) : noStore(reply).send(answer);
  });

  app.delete<WithId>('/api/pins/:id', async (request, reply) => {
    const answer = isStoredId(request.params.id) ? await pins.remove(request.params.id) : undefined;
    return answer === undefined ? fail(reply, 404, notThere(answer)) : noStore(reply).send(answer);
  });

  app.get<WithId>('/api/pins/:id/trace', async (request, reply) => {
    const { id } = request.params;
    const trace = isStoredId(id) ? await pins.trace(id) : undefined;
    if (trace !== undefined) {
      return noStore(reply)
        .type('application/protobuf')
        .send(Buffer.from(trace.buffer, trace.byteOffset, trace.length));
    }
    const answer = isStoredId(id) ? await pins.find(id) : undefined;
    return fail(reply, answer?.state === 'gone' ? 410 : 404, notThere(answer));
  });
}

/** A text says what is wrong with the request. */
async function readRecord(request: FastifyRequest): Promise<PinRecord | string> {
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data') === true;
  const parts = isForm ? await readForm(request) : { pin: textOf(request.body), otlp: undefined };
  if (typeof parts === 'string') return parts;
  const body = readNewPin(parts.pin);
  if (!body.ok) return body.error;
  const { note, by, expiresUnixMs, ...rest } = body.value;
  const isOwn = rest.source === OWN_SOURCE;
  if (isOwn && parts.otlp !== undefined)
    return `source: the server itself copies traces of '${OWN_SOURCE}'; send only JSON`;
  if (!isOwn && parts.otlp === undefined) {
    return `source: a trace of '${rest.source}' has to be sent along, as the part trace of a multipart/form-data body`;
  }
  return {
    ...rest,
    traceId: rest.traceId as TraceId,
    ...(note !== undefined && { note }),
    ...(by !== undefined && { by }),
    ...(expiresUnixMs !== undefined && { expiresUnixMs }),
    ...(parts.otlp && { otlp: parts.otlp }),
  };
}

async function readForm(
  request: FastifyRequest,
): Promise<{ readonly pin: string; readonly otlp: Uint8Array } | string> {
  try {
    const headers = { 'content-type': String(request.headers['content-type']) };
    const form = await new Response(request.body as Buffer<ArrayBuffer>, { headers }).formData();
    const [pin, trace] = [form.get('pin'), form.get('trace')];
    if (pin === null || trace === null || typeof trace === 'string') {
      return 'the body must have the parts pin (JSON) and trace (a file of OTLP protobuf)';
    }
    return { pin: typeof pin === 'string' ? pin : await pin.text(), otlp: await trace.bytes() };
  } catch {
    return 'the body is not multipart/form-data';
  }
}

function asItIs(_request: unknown, body: string | Buffer, done: (error: Error | null, body: unknown) => void): void {
  done(null, body);
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
}

function notThere(answer: PinAnswer | undefined): string {
  if (answer?.state !== 'gone') return 'there is no such pin';
  const { reason, goneUnixMs } = answer.gone;
  return `this pin ${HOW_GONE[reason]} at ${new Date(goneUnixMs).toISOString()}`;
}

const HOW_GONE = {
  expired: 'expired',
  removed: 'was removed',
  damaged: 'was lost to damage in the store, found',
} as const;

function fail(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error } satisfies ApiError);
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
