import { formatRange } from '#domain/time/clock.ts';
import { parseRange, relativeLabel } from '#domain/time/range.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { useZone } from '#state/use-store.ts';
import { Segmented } from '#views/shared/Segmented.tsx';

/** Whether the link names the clock times that are on screen, or a range that moves with the clock. */
export function TimeRow({
  url: { from, to, page },
  nowMs,
  isAbsolute,
  onAbsolute,
}: {
  url: UrlState;
  nowMs: number;
  isAbsolute: boolean;
  onAbsolute: (isAbsolute: boolean) => void;
}) {
  const zone = useZone();
  const range = parseRange(from, to, nowMs);
  if (!range.ok) return null;
  const clock = formatRange(range.value.fromMs, range.value.toMs, zone, nowMs);
  return (
    <div className="share-row">
      <span>Time</span>
      <span className="share-line">
        <Segmented
          label="Time"
          value={isAbsolute ? 'absolute' : 'relative'}
          options={[
            { value: 'absolute', text: clock },
            { value: 'relative', text: relativeLabel(from, to) ?? `${from} to ${to}` },
          ]}
          onChange={value => onAbsolute(value === 'absolute')}
        />
        <span className="mut">
          {page.name === 'trace'
            ? 'of the results behind the trace'
            : isAbsolute
              ? 'a fixed time shows what you see now'
              : 'moves with the clock of who opens it'}
        </span>
      </span>
    </div>
  );
}
