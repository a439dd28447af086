import type { PairPart } from '#domain/api/latency-api.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import { fieldOfTag } from '#views/search/field-of-tag.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { partText } from './difference-text.ts';

const OPPOSITE = { '=': '!=', '>=': '<', '<': '>=' } as const;

/** Filter to a condition, or leave it out. */
export function ValueVerbs({ part, filters }: { part: PairPart; filters: FilterBarState }) {
  const text = partText(part);
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
