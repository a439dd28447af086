import { formatRange } from '#domain/time/clock.ts';
import { relativeLabel, shiftRange, widthText } from '#domain/time/range.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Popover } from '#views/shared/Popover.tsx';
import { RangePanel } from './RangePanel.tsx';
import './time-range.css';

const MINUTE_MS = 60_000;

/** ‹ range › : steps by the range's own width, and a panel with presets, absolute bounds and the zone. */
export function TimeRange() {
  const url = useUrl();
  const go = useGo();
  const range = useResolvedRange();
  const zone = useZone();
  const relative = relativeLabel(url.from, url.to);
  // Beside “Last 1 h” minutes say enough, and stand still.
  const grain = relative && range.toMs - range.fromMs >= 5 * MINUTE_MS ? MINUTE_MS : 1;
  const round = (ms: number) => Math.floor(ms / grain) * grain;
  const absolute = formatRange(round(range.fromMs), round(range.toMs), zone, range.nowMs);
  const width = widthText(range);
  const step = (direction: -1 | 1) => go({ ...shiftRange(range, direction), live: false }, 'push');
  return (
    // biome-ignore lint/a11y/useSemanticElements: three controls in one frame
    <div className="btn-group time-range" role="group" aria-label="Time range">
      <IconButton icon="left" label={`Earlier by ${width}`} keys="a" onClick={() => step(-1)} />
      <Popover
        label="Time range"
        align="end"
        className="range-panel"
        trigger={props => (
          <button {...props} type="button" className="btn" data-command="time.range">
            <Icon name="clock" className="s14" />
            {relative && <span>{relative}</span>}
            <span className={relative ? 'mut range-absolute' : ''}>{absolute}</span>
            <Icon name="down" className="s14 end" />
          </button>
        )}
      >
        {close => <RangePanel close={close} />}
      </Popover>
      <IconButton
        icon="right"
        label={`Later by ${width}`}
        keys="d"
        disabled={url.to === 'now'}
        onClick={() => step(1)}
      />
    </div>
  );
}
