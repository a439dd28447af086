import { useAction } from '#state/commands/actions.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { boxText, msOf } from './box-text.ts';

/** The part of the heatmap that the results are narrowed to, with a way out of it. */
export function BoxChip() {
  const { box } = useUrl();
  const go = useGo();
  const zone = useZone();
  const { nowMs } = useResolvedRange();
  const { fromUnixNano, toUnixNano } = box ?? {};
  const isInTime = fromUnixNano !== undefined && toUnixNano !== undefined;
  useAction(
    'explore.zoom-box',
    () => {
      if (!isInTime) return;
      const from = Math.floor(msOf(fromUnixNano));
      const to = Math.max(from + 1, Math.ceil(msOf(toUnixNano)));
      go({ from: String(from), to: String(to), box: undefined }, 'push');
    },
    isInTime,
  );
  if (!box) return null;
  const text = boxText(box, { zone, nowMs });
  return (
    <span className="chip box-chip">
      <span className="nw" data-tip={isInTime ? 'Zoom to it' : undefined} data-tip-keys={isInTime ? 'z' : undefined}>
        box: {text}
      </span>
      <button type="button" className="x" aria-label="Remove the box" onClick={() => go({ box: undefined }, 'push')}>
        <Icon name="close" className="s12" />
      </button>
    </span>
  );
}
