import { useMemo, useState } from 'react';
import { visibleText } from '#domain/format/text.ts';
import type { FilterField } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { useTags, useTagValues } from '#state/explore/use-tags.ts';
import { useSource } from '#state/source-context.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { StatusGlyph, type StatusKind } from '#views/shared/StatusGlyph.tsx';
import { choiceOf } from './chips.ts';
import { facetValues } from './facet-values.ts';
import { fieldName, tagOf } from './field-names.ts';
import { fixedValues } from './suggest.ts';
import type { FilterBarState } from './use-filters.ts';

const SHOWN = 7;
const BAGGAGE_SHOWN = 8;

const SECTIONS: readonly { readonly title: string; readonly field: FilterField }[] = [
  { title: 'Status', field: { kind: 'status' } },
  { title: 'Service', field: { kind: 'service' } },
  { title: 'Operation', field: { kind: 'operation' } },
  { title: 'Kind', field: { kind: 'kind' } },
];

/** Values of the usual fields among what the other filters leave; a press includes, the actions keep only or exclude. */
export function Facets({ filters }: { filters: FilterBarState }) {
  const [text, setText] = useState('');
  const baggage = useBaggageFields();
  return (
    <aside className="facets" aria-label="Facets">
      <label className="field">
        <Icon name="search" className="s14" />
        <input
          placeholder="Find a value"
          aria-label="Find a value in the facets"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </label>
      {SECTIONS.map(({ title, field }) => (
        <Section key={title} title={title}>
          <Values field={field} filters={filters} text={text} />
        </Section>
      ))}
      {baggage.length > 0 && (
        <Section title="Baggage">
          {baggage.map(field => (
            <div key={field.key}>
              <h4 className="facet-key ell">{visibleText(field.key)}</h4>
              <Values field={field} filters={filters} text={text} />
            </div>
          ))}
        </Section>
      )}
    </aside>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  const [open, setOpen] = useState(true);
  return (
    <section className="facet">
      <h3>
        <button type="button" className="facet-head" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'down' : 'right'} className="s12" />
          {title}
        </button>
      </h3>
      {open && children}
    </section>
  );
}

function Values({ field, filters, text }: { field: FilterField; filters: FilterBarState; text: string }) {
  const source = useSource();
  const [all, setAll] = useState(false);
  const fixed = fixedValues(field);
  const listed = useTagValues(tagOf(field, source.capabilities.baggageScope), filters.without(field), true);
  const known = listed.values.length === 0 && fixed && !listed.isPending ? fixed : listed.values;
  const shown = facetValues(known, filters.chips, field, text);
  const cut = all ? shown : shown.slice(0, SHOWN);
  if (listed.isPending) return <FacetSkeleton />;
  if (listed.error && listed.values.length === 0) return <p className="facet-none">Could not be read</p>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be one more frame
    <div role="group" aria-label={fieldName(field).name}>
      {cut.map(value => (
        <Value key={`${value.type} ${value.value}`} field={field} value={value} filters={filters} />
      ))}
      {shown.length === 0 && <p className="facet-none">{text === '' ? 'None in this range' : 'No such value'}</p>}
      {shown.length > SHOWN && (
        <button type="button" className="facet-more" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `${shown.length - SHOWN} more`}
        </button>
      )}
    </div>
  );
}

function Value({ field, value, filters }: { field: FilterField; value: TagValue; filters: FilterBarState }) {
  const choice = choiceOf(filters.chips, field, value);
  const name = visibleText(value.value) || '“”';
  const label = field.kind === 'status' || field.kind === 'kind' ? sentenceCase(name) : name;
  return (
    <div className={`fv ${choice ?? ''}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: the whole row is the box */}
      <button
        type="button"
        role="checkbox"
        aria-checked={choice === 'include'}
        aria-label={`${fieldName(field).name} ${name}${choice === 'exclude' ? ', excluded' : ''}`}
        className="fv-main"
        onClick={() => filters.edit({ type: 'toggle-value', field, value, exclude: choice === 'exclude' })}
      >
        <Mark field={field} value={value} />
        <span className="ell" data-tip={name}>
          {label}
        </span>
      </button>
      <span className="acts">
        <button
          type="button"
          aria-label={`Only ${name}`}
          data-tip={`Only ${name}`}
          onClick={() => filters.edit({ type: 'only', field, value })}
        >
          <Icon name="eq" className="s14" />
        </button>
        <button
          type="button"
          aria-label={`Exclude ${name}`}
          data-tip={choice === 'exclude' ? `Do not exclude ${name}` : `Exclude ${name}`}
          onClick={() => filters.edit({ type: 'toggle-value', field, value, exclude: true })}
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

function FacetSkeleton() {
  return (
    <div aria-hidden="true" className="facet-skeleton">
      {[64, 88, 52].map(width => (
        <span key={width} className="sk light" style={{ width }} />
      ))}
    </div>
  );
}

/** Baggage keys that occur in the range. */
function useBaggageFields(): readonly Extract<FilterField, { kind: 'baggage' }>[] {
  const tags = useTags(true);
  return useMemo(() => {
    const keys = tags.find(({ name }) => name === 'baggage')?.tags ?? [];
    return keys.slice(0, BAGGAGE_SHOWN).map(key => ({ kind: 'baggage' as const, key }));
  }, [tags]);
}

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
