import { useMemo } from 'react';
import type { CallExemplar } from '#domain/api/graph-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { parseTraceId, type TraceId } from '#domain/ids.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { type RibbonState, useRibbons } from '#state/graph/use-ribbons.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { RibbonPicture } from '#views/shared/ribbon/RibbonPicture.tsx';
import { ribbonScale } from '#views/shared/ribbon/ribbon-scale.ts';
import { useRibbonColours } from '#views/shared/ribbon/use-ribbon-colours.ts';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';

const GROUPS = [
  ['slowest', 'Slowest'],
  ['failing', 'Failed last'],
  ['typical', 'Typical'],
] as const;
const RIBBON_WIDTH = 164;

interface Example extends CallExemplar {
  readonly id: TraceId;
}

/** Traces to look at, each with its critical path. */
export function Exemplars({ exemplars }: { exemplars: readonly CallExemplar[] }) {
  const examples = useMemo(
    () =>
      exemplars.flatMap((exemplar): Example[] => {
        const id = parseTraceId(exemplar.traceId);
        return id.ok ? [{ ...exemplar, id: id.value }] : [];
      }),
    [exemplars],
  );
  const ribbons = useRibbons(examples.map(({ id }) => id));
  // One scale for all, once all are known: nothing changes its length while it is looked at.
  const isSettled = ribbons.every(({ ribbon, failed }) => ribbon !== undefined || failed);
  const longest = ribbons.reduce((most, { ribbon }) => Math.max(most, ribbon?.durationNs ?? 0), 0);
  const scale = useMemo(() => ({ ...ribbonScale([longest], RIBBON_WIDTH), ticks: [] }), [longest]);
  if (examples.length === 0) return null;
  return (
    <section className="sg-section">
      <header>
        <h3>Traces</h3>
        <span className="mut">the call and the critical path of its trace</span>
      </header>
      {GROUPS.map(([why, title]) => {
        const group = examples.flatMap((example, i) => (example.why === why ? [{ example, state: ribbons[i]! }] : []));
        return (
          group.length > 0 && (
            <div key={why}>
              <h4 className="t11 mut">{title}</h4>
              <ul className="sg-traces" aria-label={title}>
                {group.map(({ example, state }) => (
                  <ExampleRow
                    key={example.traceId}
                    example={example}
                    state={state}
                    scale={isSettled ? scale : undefined}
                  />
                ))}
              </ul>
            </div>
          )
        );
      })}
    </section>
  );
}

function ExampleRow({
  example,
  state,
  scale,
}: {
  example: Example;
  state: RibbonState;
  scale: ReturnType<typeof ribbonScale> | undefined;
}) {
  const zone = useZone();
  const href = useHref();
  const follow = useFollow();
  const colours = useRibbonColours();
  const start = BigInt(example.startUnixNano);
  const startMs = Number(start / 1_000_000n);
  const at = { startMs: startMs - 1, endMs: startMs + Math.ceil(example.durationNs / 1e6) + 1 };
  const time = formatInstant(start, zone, 'time').slice(0, 8);
  const status = example.failed ? 'failed' : 'did not fail';
  return (
    <li>
      <a
        href={href({ page: { name: 'trace', traceId: example.id }, at })}
        onClick={follow}
        aria-label={`Trace of ${time}, the call took ${durationText(example.durationNs)} and ${status}`}
      >
        <StatusGlyph status={example.failed ? 'error' : 'ok'} />
        <span className="sec num">{time}</span>
        <span className="sg-ribbon">
          {scale && state.ribbon && (
            <RibbonPicture
              ribbon={state.ribbon}
              failed={false}
              durationNs={state.ribbon.durationNs}
              scale={scale}
              colours={colours}
            />
          )}
          {state.failed && <span className="mut t11">not readable</span>}
        </span>
        <span className="num">
          <DurationText ns={example.durationNs} />
        </span>
      </a>
    </li>
  );
}
