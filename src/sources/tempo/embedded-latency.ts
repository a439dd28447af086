import type { CellTraces, Difference, LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import type { LatencySource } from '#sources/latency-of-search.ts';
import type { ColumnsRequest, LatencyBox, LatencyRequest } from '#sources/trace-source.ts';

/** GETs a path of the server as JSON. */
type GetJson = (path: string, signal: AbortSignal) => Promise<unknown>;

/** Latencies from the embedded server's own endpoints, to the ns. */
export function embeddedLatency(json: GetJson): LatencySource {
  return {
    async latencyHeatmap(request, { signal }) {
      return (await json(`api/heatmap?${columnsParams(request)}`, signal)) as LatencyHeatmap;
    },
    async redSeries(request, { signal }) {
      return (await json(`api/red?${columnsParams(request)}`, signal)) as RedSeries;
    },
    async cellTraces(request, { signal }) {
      const params = latencyParams(request);
      params.set('box', boxParam(request.box));
      return (await json(`api/heatmap/traces?${params}`, signal)) as CellTraces;
    },
    async difference(request, { signal }) {
      const params = latencyParams(request);
      params.set('box', boxParam(request.box));
      params.set('baseline', request.baseline);
      return (await json(`api/difference?${params}`, signal)) as Difference;
    },
  };
}

function latencyParams({ query, of, startUnixNano, endUnixNano }: LatencyRequest): URLSearchParams {
  return new URLSearchParams({ q: query, of, start: ns(startUnixNano), end: ns(endUnixNano) });
}

function columnsParams(request: ColumnsRequest): URLSearchParams {
  const params = latencyParams(request);
  params.set('columns', String(request.columns));
  return params;
}

function boxParam({ fromUnixNano, toUnixNano, minNs, maxNs }: LatencyBox): string {
  const whole = (bound: number | undefined) => (bound === undefined ? '' : BigInt(Math.ceil(bound)));
  return [fromUnixNano ?? '', toUnixNano ?? '', whole(minNs), whole(maxNs)].join('~');
}

/** With more than ten digits: fewer are read as seconds. */
function ns(unixNano: bigint): string {
  return String(unixNano).padStart(11, '0');
}
