import type { PairPart } from '#domain/api/latency-api.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { fieldOfTag, splitFieldOfTag } from '#views/search/field-of-tag.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { fieldText, partText } from './difference-text.ts';

const OPPOSITE = { '=': '!=', '>=': '<', '<': '>=' } as const;

/** Filter to a condition, leave it out, or draw the heatmap once for each value of its field. */
export function ValueVerbs({ part, filters }: { part: PairPart; filters: FilterBarState }) {
  const { split } = useUrl();
  const go = useGo();
  const { facets } = useSource();
  const text = partText(part);
  const canSplit = facets && part.operator === '=' && split !== part.field && splitFieldOfTag(part.field);
  return (
    <span className="acts">
      <button type="button" aria-label={`Only ${text}`} data-tip={`Only ${text}`} onClick={() => only(part, filters)}>
        <Icon name="eq" className="s14" />
      </button>
      <button
        type="button"
        aria-label={`Exclude ${text}`}
        data-tip={`Exclude ${text}`}
        onClick={() => exclude(part, filters)}
      >
        <Icon name="neq" className="s14" />
      </button>
      {canSplit && (
        <button
          type="button"
          aria-label={`Split the heatmap by ${fieldText(part.field)}, for ${text}`}
          data-tip={`Split the heatmap by ${fieldText(part.field)}`}
          onClick={() => go({ split: part.field }, 'push')}
        >
          <Icon name="split" className="s14" />
        </button>
      )}
    </span>
  );
}

function only({ field, operator, value }: PairPart, filters: FilterBarState): void {
  const chip = fieldOfTag(field);
  if (!chip) filters.addCondition(conditionText(field, operator, value));
  else if (operator === '=') filters.edit({ type: 'only', field: chip, value });
  else filters.edit({ type: 'add', filter: { field: chip, op: operator, values: [value] } });
}

function exclude({ field, operator, value }: PairPart, filters: FilterBarState): void {
  const chip = fieldOfTag(field);
  if (!chip) filters.addCondition(conditionText(field, OPPOSITE[operator], value));
  else if (operator === '=') filters.edit({ type: 'toggle-value', field: chip, value, exclude: true });
  else filters.edit({ type: 'add', filter: { field: chip, op: OPPOSITE[operator], values: [value] } });
}

function conditionText(field: string, operator: string, value: PairPart['value']): string {
  return `${field} ${operator} ${value.type === 'string' ? quoteGo(value.value) : value.value}`;
}
