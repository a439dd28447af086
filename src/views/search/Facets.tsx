import { useMemo } from 'react';
import { visibleText } from '#domain/format/text.ts';
import { useAction } from '#state/commands/actions.ts';
import { useFacets } from '#state/explore/use-facets.ts';
import { useSource } from '#state/source-context.ts';
import { MOST_FACETS } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useUrlText } from '#state/url/use-url-text.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { AddFacet } from './AddFacet.tsx';
import { FacetValues } from './FacetValues.tsx';
import { fieldName } from './field-names.ts';
import { SplitBy } from './SplitBy.tsx';
import { type FacetField, useFacetFields } from './use-facet-fields.ts';
import type { FilterBarState } from './use-filters.ts';
import './facets.css';

/** Values of the usual fields among what the other filters leave; a press includes, the actions keep only or exclude. */
export function Facets({ filters }: { filters: FilterBarState }) {
  const source = useSource();
  const fields = useFacetFields();
  const { shut } = useUrl();
  const go = useGo();
  const [text, setText] = useUrlText('value');
  const isOpen = (name: string) => !shut.includes(name);
  const toggle = (name: string) =>
    go({ shut: isOpen(name) ? [...shut, name] : shut.filter(other => other !== name) }, 'replace');

  const asked = useMemo(() => {
    const open = (name: string, list: readonly FacetField[]) => (shut.includes(name) ? [] : list);
    const usual = fields.usual.filter(({ tag }) => !shut.includes(tag));
    return [...usual, ...open('baggage', fields.baggage), ...open('added', fields.added)].map(({ tag }) => tag);
  }, [fields, shut]);
  const facets = useFacets(asked, filters.query, text, filters.error === undefined);
  const values = (facet: FacetField) => (
    <FacetValues facet={facet} filters={filters} text={text} facets={source.facets && facets} />
  );
  const number = (facet: FacetField) => {
    const counted = facets.counts?.get(facet.tag);
    return counted && counted.values.length + counted.other;
  };
  useAction('explore.find-value', () => document.querySelector<HTMLElement>('[data-facet-find]')?.focus());

  return (
    <aside className="facets" aria-label="Facets">
      <label className="field">
        <Icon name="search" className="s14" />
        <input
          data-facet-find=""
          placeholder="Find a value"
          aria-label="Find a value in the facets"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Escape' || text === '') return;
            event.preventDefault();
            event.stopPropagation();
            setText('');
          }}
        />
      </label>
      {fields.usual.map(facet => (
        <Section
          key={facet.tag}
          title={TITLES[facet.field.kind] ?? facet.tag}
          count={facet.field.kind === 'status' ? undefined : number(facet)}
          split={<SplitBy tag={facet.tag} name={fieldName(facet.field).name} />}
          open={isOpen(facet.tag)}
          onToggle={() => toggle(facet.tag)}
        >
          {values(facet)}
        </Section>
      ))}
      {fields.baggage.length > 0 && (
        <Section
          title="Baggage"
          note={fields.baggage.length === 1 ? '1 key' : `${fields.baggage.length} keys`}
          open={isOpen('baggage')}
          onToggle={() => toggle('baggage')}
        >
          {fields.baggage.map(facet => (
            <div key={facet.tag}>
              <div className="facet-key removable">
                <h3 className="ell">{visibleText(fieldName(facet.field).name)}</h3>
                <SplitBy tag={facet.tag} name={visibleText(fieldName(facet.field).name)} />
              </div>
              {values(facet)}
            </div>
          ))}
        </Section>
      )}
      <Section title="Attributes" open={isOpen('added')} onToggle={() => toggle('added')}>
        {fields.added.map(facet => (
          <div key={facet.tag}>
            <div className="facet-key removable">
              <h3 className="ell" data-tip={facet.tag}>
                {visibleText(fieldName(facet.field).name)}
              </h3>
              <SplitBy tag={facet.tag} name={visibleText(fieldName(facet.field).name)} />
              <button
                type="button"
                className="x"
                aria-label={`Remove the facet ${facet.tag}`}
                onClick={() => fields.remove(facet)}
              >
                <Icon name="close" className="s12" />
              </button>
            </div>
            {values(facet)}
          </div>
        ))}
        {fields.added.length < MOST_FACETS && <AddFacet fields={fields} />}
      </Section>
    </aside>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  status: 'Status',
  service: 'Service',
  operation: 'Operation',
  kind: 'Kind',
};

const EXPLANATION = 'Traces with a matching span that has the value, counted without this field’s own filters';

function Section({
  title,
  count,
  note,
  split,
  open,
  onToggle,
  children,
}: {
  title: string;
  count?: number | undefined;
  note?: string;
  split?: React.ReactNode;
  open: boolean;
  onToggle: () => void;
  children: React.ReactNode;
}) {
  return (
    <section className="facet">
      <h2>
        <button type="button" className="facet-head" aria-expanded={open} data-tip={EXPLANATION} onClick={onToggle}>
          <Icon name={open ? 'down' : 'right'} className="s12" />
          <span className="grow">{title}</span>
          {(note ?? count) !== undefined && <span className="facet-number">{note ?? count}</span>}
        </button>
        {split}
      </h2>
      {open && children}
    </section>
  );
}
