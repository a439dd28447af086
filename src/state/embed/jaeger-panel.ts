import type { Filter } from '#domain/search/filter.ts';
import { queryOf } from '#domain/search/filters.ts';
import { parseBound } from '#domain/time/range.ts';

type Params = Readonly<Record<string, string>>;

interface Address {
  readonly path: string;
  readonly params: Params;
}

/**
 * An embed of Jaeger's interface (`/trace/<id>?uiEmbed=v0`, `/search?uiEmbed=v0`) as one of ours, so that it moves over by
 * changing the host; undefined where the address is none. Jaeger's own switches become parts that are hidden; parameters
 * of ours may stand beside them.
 */
export function jaegerPanel(path: string, params: Params): Address | undefined {
  if (params.uiEmbed !== 'v0') return undefined;
  if (/^\/trace\/[^/]+\/?$/.test(path)) return { path: `/embed${path}`, params: traceParams(params) };
  if (/^\/search\/?$/.test(path)) return { path: '/embed/search', params: searchParams(params) };
  return undefined;
}

function traceParams({ uiFind, ...params }: Params): Params {
  const isOn = (name: string) => params[name] === '1';
  const collapsed = isOn('uiTimelineCollapseTitle');
  const hidden = [
    ...(collapsed || isOn('uiTimelineHideSummary') ? ['summary'] : []),
    ...(collapsed || isOn('uiTimelineHideMinimap') ? ['minimap'] : []),
  ];
  return { ...ours(params, hidden), ...(uiFind && { find: uiFind }) };
}

function searchParams(params: Params): Params {
  const { service, operation, minDuration, maxDuration, tags, start, end, lookback, ...rest } = params;
  const filters: Filter[] = [
    ...(service ? [textFilter({ kind: 'service' }, service)] : []),
    ...(operation && operation !== 'all' ? [textFilter({ kind: 'operation' }, operation)] : []),
    ...durationFilter('>=', minDuration),
    ...durationFilter('<=', maxDuration),
    ...tagFilters(tags),
  ];
  const from = microseconds(start) ?? (parseBound(`now-${lookback}`).ok ? `now-${lookback}` : undefined);
  const to = microseconds(end);
  return {
    ...ours(rest, params.uiSearchHideGraph === '1' ? ['minimap'] : []),
    ...(filters.length > 0 && { q: queryOf(filters) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** Without what is Jaeger's; `limit` among it: lists go on as they are scrolled. */
function ours(params: Params, hidden: readonly string[]): Params {
  const own = Object.entries(params).filter(([key]) => !/^ui[A-Z]/.test(key) && key !== 'limit');
  const hide = [params.hide, ...hidden].filter(Boolean).join('~');
  return { ...Object.fromEntries(own), ...(hide !== '' && { hide }) };
}

function textFilter(field: Filter['field'], value: string): Filter {
  return { field, op: '=', values: [{ type: 'string', value }] };
}

function durationFilter(op: '>=' | '<=', text: string | undefined): readonly Filter[] {
  if (!text || !/^\d+(\.\d+)?(ns|us|µs|ms|s|m|h)$/.test(text)) return [];
  return [{ field: { kind: 'duration' }, op, values: [{ type: 'duration', value: text }] }];
}

/** `{"http.status_code":"500","error":"true"}`: Jaeger compares texts, spans hold numbers and switches too. */
function tagFilters(text: string | undefined): readonly Filter[] {
  return Object.entries(objectIn(text)).map(([key, value]): Filter => {
    const said = String(value);
    if (key === 'error' && said === 'true') {
      return { field: { kind: 'status' }, op: '=', values: [{ type: 'string', value: 'error' }] };
    }
    const values = [{ type: 'string', value: said }];
    if (/^-?\d{1,15}$/.test(said)) values.push({ type: 'int', value: said });
    if (said === 'true' || said === 'false') values.push({ type: 'bool', value: said });
    return { field: { kind: 'attribute', scope: 'any', key }, op: '=', values } as Filter;
  });
}

function objectIn(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** Unix µs as the unix ms of our links. */
function microseconds(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{13,16}$/.test(text) ? text.slice(0, -3) : undefined;
}
