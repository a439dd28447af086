import { useEffect } from 'react';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import type { TraceId } from '#domain/ids.ts';
import { type TraceProgress, useTraceProgress } from '#state/trace-progress.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { readPalette } from './palette.ts';

/** Indent, name width and bar of the skeleton's rows, in per cent of what a real trace would take. */
const ROWS = [
  { indent: 0, name: 46, from: 0, width: 88 },
  { indent: 1, name: 30, from: 1, width: 8 },
  { indent: 1, name: 38, from: 9, width: 74 },
  { indent: 2, name: 34, from: 11, width: 14 },
  { indent: 2, name: 28, from: 26, width: 10 },
  { indent: 2, name: 40, from: 37, width: 42 },
  { indent: 3, name: 26, from: 39, width: 26 },
  { indent: 3, name: 26, from: 66, width: 12 },
  { indent: 1, name: 32, from: 84, width: 4 },
];

/** The page's measures without its content, and how far the load has come. Nothing moves when the trace arrives. */
export function LoadingTrace({ id }: { id: TraceId }) {
  const progress = useTraceProgress(id);
  const href = useHref();
  const follow = useFollow();
  useEffect(warmCanvas, []);
  const share = progress?.totalBytes ? Math.min(1, progress.bytes / progress.totalBytes) : undefined;
  return (
    <div className="tr tr-loading" aria-busy="true">
      <div className="tr-head">
        <div className="tr-head-text">
          <span className="sk" style={{ width: 240, height: 12, marginTop: 4 }} />
          <span className="sk light" style={{ width: 420, marginTop: 12 }} />
        </div>
      </div>
      <div className="tr-tools">
        <span className="t12 sec" role="status">
          {progressText(progress)}
        </span>
        <span className="grow" />
        <a className="btn" href={href({ page: { name: 'explore' } })} onClick={follow}>
          Cancel
        </a>
      </div>
      <div
        className="tr-progress"
        role="progressbar"
        aria-label="Reading the trace"
        {...(share !== undefined && { 'aria-valuenow': Math.round(share * 100) })}
      >
        {share !== undefined && <div style={{ width: `${share * 100}%` }} />}
      </div>
      <div className="tr-skeleton" aria-hidden="true">
        {ROWS.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: fixed list
          <div key={i}>
            <span className="sk light" style={{ marginLeft: 18 + row.indent * 12, width: `${row.name}%` }} />
            <span className="sk light" style={{ marginLeft: `${row.from}%`, width: `${row.width}%`, height: 11 }} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** The first text on a canvas waits for the system's fonts, the first colours for the style engine: both have time now. */
function warmCanvas(): void {
  const { font, ink, hatch } = readPalette(getComputedStyle(document.body).fontFamily);
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return;
  context.font = font;
  for (const fill of [ink, hatch]) {
    context.fillStyle = fill;
    context.fillRect(0, 0, 9, 9);
    context.fillText('0 µs', 0, 9);
  }
}

/** Spans are counted once the message they came in is whole, so the first of them may be late. */
function progressText(progress: TraceProgress | undefined): string {
  if (progress === undefined) return 'Reading the trace';
  const total = progress.totalBytes === undefined ? '' : ` of ${formatBytes(progress.totalBytes)}`;
  const spans = progress.spans === 0 ? '' : `, ${formatCount(progress.spans)} spans`;
  return `Reading the trace: ${formatBytes(progress.bytes)}${total}${spans}`;
}
