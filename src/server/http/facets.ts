import type { FastifyInstance } from 'fastify';
import type { FacetCounts, FoundValues } from '#domain/api/server-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { FacetsArgs } from '#server/facets/facets.ts';
import type { FindValueArgs } from '#server/facets/find-value.ts';
import type { Store } from '#server/store/store.ts';
import { sendAnswer } from './send-answer.ts';
import { readUnixRange } from './unix-range.ts';

type Query = Record<string, unknown>;

/** GET /api/facets and GET /api/find-value: what there is to choose from. Ranges are in unix seconds. */
export function addFacets(app: FastifyInstance, store: Pick<Store, 'query'>): void {
  app.get('/api/facets', (request, reply) =>
    sendAnswer<FacetCounts>(store, reply, 'facets', facetsArgs(request.query as Query)),
  );
  app.get('/api/find-value', (request, reply) =>
    sendAnswer<FoundValues>(store, reply, 'findValue', findValueArgs(request.query as Query)),
  );
}

const MAX_FIELDS = 24;

function facetsArgs(query: Query): Result<FacetsArgs, string> {
  const { q = '{}', fields, find = '' } = query;
  if (typeof q !== 'string' || typeof find !== 'string') return err('q and find may be given once');
  if (typeof fields !== 'string' || fields === '') return err('fields names what to count, with commas between');
  const names = fields.split(',');
  if (names.length > MAX_FIELDS) return err(`at most ${MAX_FIELDS} fields are counted at once`);
  const limit = readLimit(query.limit, 50, 1000);
  if (!limit.ok) return limit;
  const range = readUnixRange(query);
  return range.ok ? ok({ q, fields: names, limit: limit.value, find: find.trim(), ...range.value }) : range;
}

const MAX_TEXT = 4096;

function findValueArgs(query: Query): Result<FindValueArgs, string> {
  const { text } = query;
  if (typeof text !== 'string' || text.trim() === '') return err('text is what to look for');
  if (text.length > MAX_TEXT) return err(`text is longer than ${MAX_TEXT} characters`);
  const limit = readLimit(query.limit, 12, 100);
  if (!limit.ok) return limit;
  const range = readUnixRange(query);
  return range.ok ? ok({ text: text.trim(), limit: limit.value, ...range.value }) : range;
}

function readLimit(value: unknown, fallback: number, most: number): Result<number, string> {
  if (value === undefined) return ok(fallback);
  const limit = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : 0;
  return limit >= 1 && limit <= most ? ok(limit) : err(`limit is a number from 1 to ${most}`);
}
