import type { ReactNode } from 'react';
import type { RateFigures, StoreDetails } from '#domain/api/store-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatBytes, formatCount, UNKNOWN } from '#domain/format/number.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useZone } from '#state/use-store.ts';
import { rateNow, ratePoints, stepsSince } from './rate-line.ts';
import { ageText, bytesPerSpan, roundLengthText, unixMsOf } from './texts.ts';

const RATE_S = 10;
const LINE = { width: 132, height: 28 };
const MS = 1e6;

/** The numbers that say how the store does, each with its window or bound. */
export function Figures({ details }: { details: StoreDetails }) {
  const zone = useZone();
  const { status, disk, ingest, atUnixMs } = details;
  const perSpan = bytesPerSpan(details);
  const oldest = status.oldestUnixNano;
  const { acknowledgement: ack } = ingest;
  return (
    <dl className="store-figures">
      <Rate rate={ingest.rate} sinceMs={atUnixMs - ingest.sinceUnixMs} />
      <Figure
        name="Stored"
        note={`${formatCount(details.segments.length)} ${details.segments.length === 1 ? 'segment' : 'segments'}`}
      >
        {formatCount(status.spans)} spans
      </Figure>
      <Figure name="On disk" note={`${formatBytes(disk.walBytes)} of it in the log`}>
        {formatBytes(disk.databaseBytes + disk.walBytes)}
      </Figure>
      <Figure name="Per span" note="all of the disk, by all spans">
        {perSpan === undefined ? UNKNOWN : formatBytes(perSpan)}
      </Figure>
      <Figure name="Free disk" note={`below ${formatBytes(disk.neededFreeBytes)} spans are refused`}>
        <span className={disk.freeBytes < disk.neededFreeBytes ? 'err' : ''}>{formatBytes(disk.freeBytes)}</span>
      </Figure>
      <Figure
        name="Oldest span"
        note={oldest === undefined ? 'nothing is stored' : formatInstant(BigInt(oldest), zone, 'full')}
      >
        {oldest === undefined ? UNKNOWN : `${ageText(unixMsOf(oldest), atUnixMs)} ago`}
      </Figure>
      <Figure
        name="Last commit"
        note={ingest.lastCommitUnixMs === undefined ? 'none since the start' : 'on disk since'}
      >
        {ingest.lastCommitUnixMs === undefined ? UNKNOWN : `${ageText(ingest.lastCommitUnixMs, atUnixMs)} ago`}
      </Figure>
      <Figure
        name="Acknowledged within"
        note={
          ack === undefined
            ? 'no request yet'
            : `p50 ${durationText(ack.p50Ms * MS)}, worst ${durationText(ack.maxMs * MS)}, of ${formatCount(ack.count)} requests`
        }
      >
        {ack === undefined ? UNKNOWN : `p99 ${durationText(ack.p99Ms * MS)}`}
      </Figure>
      <Figure name="Queue" note={`of ${formatBytes(ingest.queueLimitBytes)}, then senders wait`}>
        {formatBytes(ingest.queueBytes)}
      </Figure>
    </dl>
  );
}

function Figure({ name, note, children }: { name: string; note: string; children: ReactNode }) {
  return (
    <div className="store-figure">
      <dt>{name}</dt>
      <dd className="store-value">{children}</dd>
      <dd className="store-note">{note}</dd>
    </div>
  );
}

function Rate({ rate, sinceMs }: { rate: RateFigures; sinceMs: number }) {
  const now = rateNow(rate.spans, rate.stepMs, RATE_S);
  const shown = stepsSince(rate.spans, rate.stepMs, sinceMs);
  const most = shown.reduce((top, spans) => Math.max(top, spans), 0) / (rate.stepMs / 1000);
  const length = roundLengthText(shown.length * rate.stepMs);
  return (
    <div className="store-figure store-rate">
      <dt>Arriving</dt>
      <dd className="store-value">
        {formatCount(now)} <span className="unit">spans/s</span>
      </dd>
      <dd>
        <svg
          viewBox={`0 -2 ${LINE.width} ${LINE.height + 3}`}
          width={LINE.width}
          height={LINE.height + 3}
          role="img"
          aria-label={`Spans committed per second over the last ${length}: ${formatCount(now)} now, at most ${formatCount(most)}`}
        >
          <polyline points={ratePoints(shown, LINE.width, LINE.height)} />
        </svg>
      </dd>
      <dd className="store-note">
        last {length}, at most {formatCount(most)}/s
      </dd>
    </div>
  );
}
