import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodeReply, type ReplyKind } from './reply-proto.ts';

/** Whether the client asks for protobuf instead of JSON, as Tempo looks for it. */
export function wantsProtobuf(request: FastifyRequest): boolean {
  return /\bapplication\/(?:x-)?protobuf\b/.test(request.headers.accept ?? '');
}

/** Sends a body in the form that the client asks for. */
export function sendReply(request: FastifyRequest, reply: FastifyReply, kind: ReplyKind, body: object): FastifyReply {
  if (!wantsProtobuf(request)) return reply.send(body);
  return reply.type('application/protobuf').send(Buffer.from(encodeReply(kind, body)));
}
