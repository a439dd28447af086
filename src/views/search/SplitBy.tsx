import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { splitFieldOfTag } from './field-of-tag.ts';

/** Draws the heatmap once for each value of a field, or ends that. Stands only where the source counts values. */
export function SplitBy({ tag, name }: { tag: string; name: string }) {
  const source = useSource();
  const url = useUrl();
  const { split } = url;
  const go = useGo();
  if (!source.facets || !source.latencyHeatmap || !splitFieldOfTag(tag)) return null;
  const isOn = split === tag;
  return (
    <button
      type="button"
      className="split-by"
      aria-pressed={isOn}
      aria-label={`Split the heatmap by ${name}`}
      data-tip={isOn ? 'End the split of the heatmap' : `Split the heatmap by ${name}`}
      onClick={() => {
        go(isOn ? { split: '' } : { split: tag, chart: url.chart === 'hidden' ? '' : url.chart }, 'push');
      }}
    >
      <Icon name="split" className="s14" />
    </button>
  );
}
