import { useMemo, useState } from 'react';
import { filterFieldKey } from '#domain/search/filter.ts';
import { useTags } from '#state/explore/use-tags.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Marked } from '#views/shared/Marked.tsx';
import { Popover } from '#views/shared/Popover.tsx';
import { FindField } from './FindField.tsx';
import { fieldName } from './field-names.ts';
import { fieldsOf } from './suggest.ts';
import type { FacetFields } from './use-facet-fields.ts';

const SHOWN = 100;

/** Offers every attribute that occurs in the range as a facet; the choice is kept in this browser. */
export function AddFacet({ fields }: { fields: FacetFields }) {
  return (
    <Popover
      label="Add an attribute to the facets"
      className="add-facet"
      trigger={props => (
        <button {...props} type="button" className="facet-more facet-add">
          <Icon name="plus" className="s12" />
          Add an attribute
        </button>
      )}
    >
      {close => <Choices fields={fields} close={close} />}
    </Popover>
  );
}

function Choices({ fields, close }: { fields: FacetFields; close: () => void }) {
  const tags = useTags(true);
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const attributes = useMemo(() => {
    const present = new Set([...fields.baggage, ...fields.added].map(({ field }) => filterFieldKey(field)));
    return fieldsOf(tags, []).filter(
      field => (field.kind === 'attribute' || field.kind === 'baggage') && !present.has(filterFieldKey(field)),
    );
  }, [tags, fields]);
  const found = attributes.filter(field => filterFieldKey(field).toLowerCase().includes(wanted));
  const add = (field: (typeof found)[number] | undefined) => {
    if (!field) return;
    close();
    fields.add(field);
  };
  return (
    <>
      <FindField label="Find an attribute" text={text} onText={setText} onEnter={() => add(found[0])} />
      <ul className="add-facet-list">
        {found.slice(0, SHOWN).map(field => {
          const { scope, name } = fieldName(field);
          return (
            <li key={filterFieldKey(field)}>
              <button type="button" className="suggest-item" onClick={() => add(field)}>
                <span className="ell grow">
                  <Marked text={name} wanted={text} />
                </span>
                <span className="mut t11">{scope}</span>
              </button>
            </li>
          );
        })}
        {found.length === 0 && (
          <li className="suggest-none mut">{tags.length === 0 ? 'Reading names' : 'No attribute is called that.'}</li>
        )}
      </ul>
    </>
  );
}
