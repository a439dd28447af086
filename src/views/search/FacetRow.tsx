import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import type { FilterField } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { StatusGlyph, type StatusKind } from '#views/shared/StatusGlyph.tsx';
import { choiceOf } from './chips.ts';
import { barWidths, countSentence, type FacetLine } from './facet-values.ts';
import { fieldName } from './field-names.ts';
import type { FilterBarState } from './use-filters.ts';

const BAR = 36;

/** One value: a press includes it, `=` keeps only it, `-` leaves it out. */
export function FacetRow({
  field,
  line,
  most,
  isEstimate,
  filters,
}: {
  field: FilterField;
  line: FacetLine;
  /** The largest count of the facet: a full bar. */
  most: number;
  isEstimate: boolean;
  filters: FilterBarState;
}) {
  const value: TagValue = { type: line.type, value: line.value };
  const choice = choiceOf(filters.chips, field, value);
  const name = visibleText(line.value) || '“”';
  const label = field.kind === 'status' || field.kind === 'kind' ? sentenceCase(name) : name;
  const isCounted = line.traces !== undefined;
  const sentence = countSentence(line, isEstimate);
  const bar = barWidths(line, most, BAR);

  const include = () => filters.edit({ type: 'toggle-value', field, value, exclude: choice === 'exclude' });
  const only = () => filters.edit({ type: 'only', field, value });
  const exclude = () => filters.edit({ type: 'toggle-value', field, value, exclude: true });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === '=') only();
    else if (event.key === '-') exclude();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={`fv ${choice ?? ''} ${line.traces === 0 ? 'empty' : ''}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: the whole row is the box */}
      <button
        type="button"
        role="checkbox"
        aria-checked={choice === 'include'}
        aria-label={`${fieldName(field).name} ${name}${choice === 'exclude' ? ', excluded' : ''}${isCounted ? `, ${sentence}` : ''}`}
        className="fv-main"
        data-tip={isCounted ? `${name}: ${sentence}` : name}
        onClick={include}
        onKeyDown={onKeyDown}
      >
        <Mark field={field} value={value} />
        <span className="ell fv-name">{label}</span>
        {isCounted && (
          <>
            <span className="fv-bar">
              <span className="err" style={{ width: bar.errors }} />
              <span className="rest" style={{ width: bar.all - bar.errors }} />
            </span>
            <span className="fv-count num">
              {isEstimate && '≈'}
              {formatCount(line.traces!)}
            </span>
          </>
        )}
      </button>
      <span className={`acts ${isCounted ? 'beside-count' : ''}`}>
        <button type="button" aria-label={`Only ${name}`} data-tip={`Only ${name}`} data-tip-keys="=" onClick={only}>
          <Icon name="eq" className="s14" />
        </button>
        <button
          type="button"
          aria-label={`Exclude ${name}`}
          data-tip={choice === 'exclude' ? `Do not exclude ${name}` : `Exclude ${name}`}
          data-tip-keys="-"
          onClick={exclude}
        >
          <Icon name="neq" className="s14" />
        </button>
      </span>
    </div>
  );
}

function Mark({ field, value }: { field: FilterField; value: TagValue }) {
  if (field.kind === 'service') return <ServiceKey service={value.value} />;
  if (field.kind === 'status') return <StatusGlyph status={value.value as StatusKind} />;
  return <span className="fv-gap" />;
}

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
