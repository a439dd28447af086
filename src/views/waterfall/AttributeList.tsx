import { useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import { valueText } from '#domain/trace/value-text.ts';
import { Button } from '#views/shared/Button.tsx';
import { AttributeRow } from './AttributeRow.tsx';
import type { AttributeScope } from './attribute-scope.ts';

/** Rows are put into the document by this many at a time. */
const PAGE = 150;

/** Attributes whose key or value holds `needle`, each with its verbs. */
export function AttributeList({
  attributes,
  scope,
  needle,
}: {
  attributes: readonly Attribute[];
  scope: AttributeScope;
  needle: string;
}) {
  const [shown, setShown] = useState(PAGE);
  const wanted = needle.toLowerCase();
  const found =
    wanted === ''
      ? attributes
      : attributes.filter(
          attribute =>
            attribute.key.toLowerCase().includes(wanted) || valueText(attribute.value).toLowerCase().includes(wanted),
        );
  if (found.length === 0) {
    return (
      <div className="dr-none">
        {attributes.length === 0 ? 'None' : `None of ${formatCount(attributes.length)} match`}
      </div>
    );
  }
  return (
    <>
      <dl className="at-list">
        {found.slice(0, shown).map((attribute, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: keys may occur twice in damaged spans
          <AttributeRow key={`${attribute.key} ${i}`} attribute={attribute} scope={scope} />
        ))}
      </dl>
      {found.length > shown && (
        <Button kind="quiet" className="at-more" onClick={() => setShown(shown + PAGE * 4)}>
          Show more ({formatCount(found.length - shown)})
        </Button>
      )}
    </>
  );
}
