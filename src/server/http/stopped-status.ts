import type { FastifyReply } from 'fastify';
import type { QueryStopped } from '#server/store/store.ts';

/** The status of the answer to a query that was stopped. 499 is for the log: nobody waits for it. */
const STATUS: Readonly<Record<QueryStopped['reason'], number>> = {
  deadline: 504,
  memory: 422,
  busy: 429,
  aborted: 499,
  starting: 503,
  closed: 503,
};

/** Gives a reply the status of a query that was stopped, and when to ask again where that is known. */
export function stoppedStatus(reply: FastifyReply, { reason }: QueryStopped): FastifyReply {
  if (reason === 'starting') reply.header('retry-after', '1');
  return reply.code(STATUS[reason]);
}
