import { useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import type { FacetsState } from '#state/explore/use-facets.ts';
import { useTagValues } from '#state/explore/use-tags.ts';
import { FacetRow } from './FacetRow.tsx';
import { facetValues } from './facet-values.ts';
import { fieldName } from './field-names.ts';
import { fixedValues } from './suggest.ts';
import type { FacetField } from './use-facet-fields.ts';
import type { FilterBarState } from './use-filters.ts';

const SHOWN = 7;

/** The values of one field: counted where the source counts, else as it lists them. */
export function FacetValues({
  facet,
  filters,
  text,
  facets,
}: {
  facet: FacetField;
  filters: FilterBarState;
  text: string;
  facets: FacetsState | undefined;
}) {
  const { field, tag } = facet;
  const [all, setAll] = useState(false);
  const counts = facets?.counts?.get(tag);
  // A query whose matches cannot be counted still has values to choose from.
  const isListed = facets === undefined || facets.error !== null;
  const listed = useTagValues(tag, filters.without(field), isListed);
  const isPending = isListed ? listed.isPending : counts === undefined;
  if (isPending) return <FacetSkeleton />;
  if (isListed && listed.error && listed.values.length === 0) return <p className="facet-none">Could not be read</p>;

  const fixed = fixedValues(field);
  const known = isListed ? (listed.values.length === 0 && fixed ? fixed : listed.values) : (counts?.values ?? []);
  const isWhole = !isListed && counts?.other === 0 && facets?.find === '';
  const shown = facetValues(known, filters.chips, field, text, isWhole);
  const cut = all ? shown : shown.slice(0, SHOWN);
  const most = shown.reduce((max, line) => Math.max(max, line.traces ?? 0), 0);
  const other = isListed ? 0 : (counts?.other ?? 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be one more frame
    <div role="group" aria-label={fieldName(field).name}>
      {cut.map(line => (
        <FacetRow
          key={`${line.type} ${line.value}`}
          field={field}
          line={line}
          most={most}
          isEstimate={counts?.approximate === true}
          filters={filters}
        />
      ))}
      {shown.length === 0 && (text !== '' || !counts?.missing) && (
        <p className="facet-none">{text === '' ? 'None in this range' : 'No such value'}</p>
      )}
      {shown.length > SHOWN && (
        <button type="button" className="facet-more" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `${formatCount(shown.length - SHOWN + other)} more`}
        </button>
      )}
      {other > 0 && (all || shown.length <= SHOWN) && (
        <p className="facet-none" data-tip="Rarer values; find them by a part of their text">
          other ({formatCount(other)})
        </p>
      )}
      {counts !== undefined && counts.missing > 0 && text === '' && (
        <p className="facet-none without" data-tip="Traces in which no matching span carries it">
          <span>without it</span>
          <span>{formatCount(counts.missing)}</span>
        </p>
      )}
    </div>
  );
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
