import type { Difference } from '#domain/api/latency-api.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { useDifference } from '#state/explore/use-difference.ts';
import type { LatencyBox } from '#state/url/url-state.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { baselineText } from './baseline-text.ts';
import { CellTraces } from './CellTraces.tsx';
import { AttributeRow, PairRow } from './DifferenceRow.tsx';
import { fieldText, groupText, headline, pairText } from './difference-text.ts';

/** The traces of a box, and what is different in it. */
export function BoxFindings({ box, filters }: { box: LatencyBox; filters: FilterBarState }) {
  const { difference, error, isFetching, isOutdated, canTell, retry } = useDifference(filters.query, box);
  return (
    <div className={`diff-body ${isOutdated ? 'aged' : ''}`} aria-busy={isFetching}>
      <CellTraces query={filters.query} box={box} />
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : difference ? (
        <Findings difference={difference} filters={filters} />
      ) : canTell ? (
        <div className="diff-skeleton" aria-hidden="true">
          <span className="sk" />
          <span className="sk light" />
          <span className="sk" />
          <span className="sk light" />
        </div>
      ) : (
        <p className="lat-empty">This source cannot compare what lies in a box with the rest.</p>
      )}
    </div>
  );
}

function Findings({ difference, filters }: { difference: Difference; filters: FilterBarState }) {
  const { selection, rest, of, attributes, pairs } = difference;
  return (
    <>
      <Headline difference={difference} />
      <p className="diff-groups">
        <span className="nw">
          <i className="key a" /> selection {groupText(selection, of)}
        </span>
        <span className="nw">
          <i className="key" /> {baselineText(difference.baseline)} {groupText(rest, of)}
        </span>
      </p>
      {attributes.length + pairs.length > 0 && (
        <div className="diff-cols" aria-hidden="true">
          <span />
          <span className="num">sel.</span>
          <span className="num">{difference.baseline === 'rest' ? 'rest' : 'before'}</span>
          <span className="num">lift</span>
          <span className="num">n</span>
        </div>
      )}
      {pairs.length > 0 && (
        <ul className="diff-rows" aria-label="Two together">
          {pairs.map(pair => (
            <PairRow key={pairText(pair)} pair={pair} difference={difference} filters={filters} />
          ))}
        </ul>
      )}
      <ul className="diff-rows" aria-label="Attributes that differ">
        {attributes.map(attribute => (
          <AttributeRow key={attribute.field} attribute={attribute} difference={difference} filters={filters} />
        ))}
      </ul>
      <footer className="diff-foot mut">
        <Fields text={count => `${count} show no difference`} fields={difference.alike} />
        <Fields text={count => `${count} left out as ids`} fields={difference.hidden} />
        {difference.tested > 0 && (
          <span data-tip={difference.covers}>
            {formatCount(difference.tested)} comparisons, {formatPercent(difference.alpha)} chance of a false one
          </span>
        )}
        {difference.estimated && <span className="tag">estimated</span>}
        {difference.partial !== undefined && (
          <span className="tag wrn" data-tip={difference.partial}>
            partial
          </span>
        )}
      </footer>
    </>
  );
}

function Headline({ difference }: { difference: Difference }) {
  if (difference.verdict === 'too-few') {
    const fewer = difference.selection.compared <= difference.rest.compared ? difference.selection : difference.rest;
    return (
      <p className="diff-sum" role="status">
        <b>Too few to tell.</b>{' '}
        {fewer === difference.selection ? 'The selection' : sentence(baselineText(difference.baseline))} holds{' '}
        {groupText(fewer, difference.of)}; mark a larger box.
      </p>
    );
  }
  const found = difference.verdict === 'differs' ? headline(difference) : undefined;
  if (!found) {
    return (
      <p className="diff-sum" role="status">
        <b>Nothing sets the selection apart</b> in the {formatCount(difference.alike.length)} attributes that were
        compared with {baselineText(difference.baseline)}.
      </p>
    );
  }
  return (
    <p className="diff-sum" role="status">
      {found.parts.map((part, i) => (
        <span key={part}>
          {i > 0 && ' together with '}
          <b>{part}</b>
        </span>
      ))}{' '}
      holds for <b>{formatPercent(found.shares.selectionShare)}</b> of the selection and{' '}
      <b>{formatPercent(found.shares.restShare)}</b> of {baselineText(difference.baseline)}.
    </p>
  );
}

function Fields({ text, fields }: { text: (count: string) => string; fields: readonly string[] }) {
  if (fields.length === 0) return null;
  return (
    <details>
      <summary>{text(formatCount(fields.length))}</summary>
      <p>{fields.map(fieldText).join(', ')}</p>
    </details>
  );
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
