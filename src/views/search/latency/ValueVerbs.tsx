import type { PairDifference, PairPart } from '#domain/api/latency-api.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { fieldOfTag, splitFieldOfTag } from '#views/search/field-of-tag.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { conditionText, OPPOSITE, pairCondition } from './condition-text.ts';
import { fieldText, pairText, partText } from './difference-text.ts';

/** Filter to a condition, leave it out, or draw the heatmap once for each value of its field. */
export function ValueVerbs({ part, filters }: { part: PairPart; filters: FilterBarState }) {
  return (
    <Verbs
      text={partText(part)}
      onOnly={() => only(part, filters)}
      onExclude={() => exclude(part, filters)}
      splitBy={part}
    />
  );
}

/** The same of two conditions together: both, not both, or split by the field of the first. */
export function PairVerbs({ pair, filters }: { pair: PairDifference; filters: FilterBarState }) {
  const both = pairCondition(pair.parts);
  return (
    <Verbs
      text={pairText(pair)}
      onOnly={() => filters.addCondition(both)}
      onExclude={() => filters.addCondition(`!(${both})`)}
      splitBy={pair.parts[0]}
    />
  );
}

function Verbs({
  text,
  onOnly,
  onExclude,
  splitBy,
}: {
  text: string;
  onOnly: () => void;
  onExclude: () => void;
  splitBy: PairPart;
}) {
  const { split } = useUrl();
  const go = useGo();
  const { facets } = useSource();
  const { field, operator } = splitBy;
  const canSplit = facets && operator === '=' && split !== field && splitFieldOfTag(field);
  return (
    <span className="acts">
      <button type="button" aria-label={`Only ${text}`} data-tip={`Only ${text}`} onClick={onOnly}>
        <Icon name="eq" className="s14" />
      </button>
      <button type="button" aria-label={`Exclude ${text}`} data-tip={`Exclude ${text}`} onClick={onExclude}>
        <Icon name="neq" className="s14" />
      </button>
      {canSplit && (
        <button
          type="button"
          aria-label={`Split the heatmap by ${fieldText(field)}, for ${text}`}
          data-tip={`Split the heatmap by ${fieldText(field)}`}
          onClick={() => go({ split: field }, 'push')}
        >
          <Icon name="split" className="s14" />
        </button>
      )}
    </span>
  );
}

function only(part: PairPart, filters: FilterBarState): void {
  const { field, operator, value } = part;
  const chip = fieldOfTag(field);
  if (!chip) filters.addCondition(conditionText(part));
  else if (operator === '=') filters.edit({ type: 'only', field: chip, value });
  else filters.edit({ type: 'add', filter: { field: chip, op: operator, values: [value] } });
}

function exclude(part: PairPart, filters: FilterBarState): void {
  const { field, operator, value } = part;
  const chip = fieldOfTag(field);
  if (!chip) filters.addCondition(conditionText({ ...part, operator: OPPOSITE[operator] }));
  else if (operator === '=') filters.edit({ type: 'toggle-value', field: chip, value, exclude: true });
  else filters.edit({ type: 'add', filter: { field: chip, op: OPPOSITE[operator], values: [value] } });
}
