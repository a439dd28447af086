import Fastify from 'fastify';
import type { TraceId } from '#domain/ids.ts';
import { addFacets } from '#server/http/facets.ts';
import { addSearchCount } from '#server/http/search-count.ts';
import type { QueryRequest } from '#server/store/query-context.ts';
import type { Store } from '#server/store/store.ts';
import type { StoreCore } from '#server/store/store-core.ts';
import { registerTempoRoutes } from '#server/tempo/routes.ts';
import { NOW_NS } from './spans.ts';

const nowS = Number(NOW_NS / 1_000_000_000n);
const range = `start=${nowS - 3_600}&end=${nowS + 3_600}`;
const search = (q: string) => `/api/search?limit=100&spss=50&${range}&q=${encodeURIComponent(q)}`;
const metrics = (q: string) => `/api/metrics/query_range?${range}&step=30m&exemplars=5&q=${encodeURIComponent(q)}`;

/** One of each kind that reads spans, attributes, events, links, resources, scopes, baggage or the catalogue. */
const paths: readonly string[] = [
  search('{}'),
  search('{ resource.service.name = "a" && status = error }'),
  search('{ span.colour = "red" } | select(span.colour, span.http.route, event:name)'),
  search('{ span.http.route = "/1" } >> { span.n > 1 }'),
  search('{ event.why = "x" || link:spanID = "0000000000000001" }'),
  search('{ instrumentation:name = "lib" } | count() > 1'),
  search('{ span.tenant.id =~ "t.*" }'),
  metrics('{} | rate() by (resource.service.name)'),
  metrics('{} | quantile_over_time(duration, .5, .99) by (span.colour)'),
  metrics('{ span.n != nil } | sum_over_time(span.n)'),
  `/api/v2/search/tags?${range}`,
  `/api/v2/search/tag/span.colour/values?${range}`,
  `/api/v2/search/tag/span.http.route/values?${range}&q=${encodeURIComponent('{ status = error }')}`,
  `/api/search/count?${range}&q=${encodeURIComponent('{ span.colour != nil }')}`,
  `/api/facets?${range}&fields=resource.service.name,span.colour,baggage.tenant.id&q=%7B%7D`,
  `/api/find-value?${range}&text=red`,
];

/** What the store answers to all of them and for each trace, as text that does not depend on the order of spans. */
export async function answersOf(core: StoreCore, traceIds: readonly TraceId[]): Promise<Record<string, string>> {
  let id = 2_000_000;
  const store = {
    query: (request: QueryRequest) => core.query(id++, request, 30_000),
    trace: (traceId: TraceId) => core.trace(id++, traceId),
    traceParts: (traceId: TraceId) => core.traceOrPlan(id++, traceId),
  } as unknown as Store;
  const app = Fastify();
  registerTempoRoutes(app, store);
  addSearchCount(app, store);
  addFacets(app, store);
  const answers: Record<string, string> = {};
  for (const path of [...paths, ...traceIds.map(traceId => `/api/v2/traces/${traceId}`)]) {
    const { statusCode, body } = await app.inject({ url: path });
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${body}`);
    answers[path] = sorted(JSON.parse(body));
  }
  await app.close();
  return answers;
}

interface ResourceSpans {
  readonly resource?: unknown;
  readonly scopeSpans: readonly { readonly scope?: unknown; readonly spans: readonly unknown[] }[];
}

interface Body {
  readonly trace?: { readonly resourceSpans?: readonly ResourceSpans[] };
  readonly series?: readonly unknown[];
  readonly tagValues?: readonly unknown[];
}

function sorted(body: Body): string {
  const lines = (values: readonly unknown[]) => values.map(value => JSON.stringify(value)).sort();
  // The commonest value comes first, and copies count for that.
  const list = body.series ?? body.tagValues;
  if (list !== undefined) return lines(list).join('\n');
  // How much was looked at is no part of the answer.
  if (body.trace === undefined) return JSON.stringify({ ...body, metrics: undefined });
  const spans = (body.trace.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map(span => [resource, scope, span])),
  );
  return lines(spans).join('\n');
}
