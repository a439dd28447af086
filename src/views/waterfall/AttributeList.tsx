import { memo, useMemo } from 'react';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import { AttributeRow } from './AttributeRow.tsx';
import type { AttributeScope } from './attribute-scope.ts';
import { LongList } from './LongList.tsx';
import { repeatedKeys } from './repeated-keys.ts';
import { holdsText, isSearchedInPart, MOST_SEARCHED } from './search-text.ts';

const AT_FIRST = 60;
const ROW_PX = 22;

/** Attributes whose key or value holds `needle`, each with its verbs. */
export const AttributeList = memo(function AttributeList({
  attributes,
  scope,
  needle,
}: {
  attributes: readonly Attribute[];
  scope: AttributeScope;
  needle: string;
}) {
  const repeated = useMemo(() => repeatedKeys(attributes), [attributes]);
  const wanted = needle.toLowerCase();
  const found = useMemo(
    () => (wanted === '' ? attributes : attributes.filter(attribute => holdsText(attribute, wanted))),
    [attributes, wanted],
  );
  const isPartly = wanted !== '' && attributes.some(isSearchedInPart);
  return (
    <>
      {found.length === 0 ? (
        <div className="dr-none">
          {attributes.length === 0 ? 'None' : `None of ${formatCount(attributes.length)} match`}
        </div>
      ) : (
        <LongList
          items={found}
          atFirst={AT_FIRST}
          rowPx={ROW_PX}
          block={(part, from) => (
            <dl className="at-list">
              {part.map((attribute, i) => (
                <AttributeRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: keys may occur twice in damaged spans
                  key={`${attribute.key} ${from + i}`}
                  attribute={attribute}
                  scope={scope}
                  times={repeated.get(attribute.key) ?? 1}
                />
              ))}
            </dl>
          )}
        />
      )}
      {isPartly && <div className="dr-none">Of longer values the first {formatBytes(MOST_SEARCHED)} are searched</div>}
    </>
  );
});
