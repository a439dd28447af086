import type { CellTrace } from '#domain/api/latency-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { visibleText } from '#domain/format/text.ts';
import { parseSpanId, parseTraceId } from '#domain/ids.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useCellTraces } from '#state/explore/use-difference.ts';
import type { LatencyBox } from '#state/url/url-state.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref, useUrl } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';

const NAMES = { slowest: 'Slowest', median: 'Median', newest: 'Newest' } as const;

/** The slowest, the median and the newest trace of a box, each a link to its span. */
export function CellTraces({ query, box }: { query: string; box: LatencyBox }) {
  const traces = useCellTraces(query, box);
  if (!traces || traces.count === 0) return null;
  return (
    <ul className="cell-traces" aria-label="Traces of the box">
      {(['slowest', 'median', 'newest'] as const).map(name => {
        const trace = traces[name];
        return trace && <TraceLink key={name} name={NAMES[name]} trace={trace} />;
      })}
    </ul>
  );
}

function TraceLink({ name, trace }: { name: string; trace: CellTrace }) {
  const zone = useZone();
  const href = useHref();
  const follow = useFollow();
  const { of } = useUrl();
  const traceId = parseTraceId(trace.traceId);
  const spanId = parseSpanId(trace.spanId);
  if (!traceId.ok) return null;
  const start = BigInt(trace.startUnixNano);
  const startMs = Number(start / 1_000_000n);
  const target = {
    page: { name: 'trace', traceId: traceId.value } as const,
    at: { startMs: startMs - 1, endMs: startMs + Math.ceil(trace.durationNs / 1e6) + 1 },
    ...(of === 'spans' && spanId.ok && { span: spanId.value }),
  };
  return (
    <li>
      <a href={href(target)} onClick={follow}>
        <span className="mut">{name}</span>
        <StatusGlyph status={trace.isError ? 'error' : 'ok'} />
        <span className="ell">
          {visibleText(trace.service)} {visibleText(trace.name)}
        </span>
        <b className="num">{durationText(trace.durationNs)}</b>
        <span className="num sec">{formatInstant(start, zone, 'time').slice(0, 8)}</span>
      </a>
    </li>
  );
}
