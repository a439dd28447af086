import type { Difference, DifferenceBaseline } from '#domain/api/latency-api.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { useDifference } from '#state/explore/use-difference.ts';
import type { LatencyBox } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { CellTraces } from './CellTraces.tsx';
import { AttributeRow, PairRow } from './DifferenceRow.tsx';
import { baselineText, fieldText, groupText, headline, pairText } from './difference-text.ts';

/** What sets the marked part of the heatmap apart from the rest, ranked; without a box, how to mark one. */
export function DifferencePanel({ filters }: { filters: FilterBarState }) {
  const { box } = useUrl();
  return (
    <aside className="diff" aria-label="What is different in the selection">
      <header className="lat-head">
        <h2 className="strong ell">What is different in the selection</h2>
        <span className="grow" />
        {box && <Baseline />}
      </header>
      {box ? <OfBox box={box} filters={filters} /> : <Hint />}
    </aside>
  );
}

function Hint() {
  return (
    <div className="diff-hint sec">
      <p>Drag over the slow part of the heatmap, over the strips for a stretch of time, or along the durations.</p>
      <p>What sets it apart from the rest is listed here, and the traces below are narrowed to it.</p>
      <p className="mut">
        By keyboard: <kbd className="kbd">m</kbd> to the heatmap, arrows, <kbd className="kbd">⇧</kbd> arrows,{' '}
        <kbd className="kbd">↵</kbd>
      </p>
    </div>
  );
}

const BASELINES: readonly DifferenceBaseline[] = ['rest', '1h', '1d', '1w'];

function Baseline() {
  const { vs } = useUrl();
  const go = useGo();
  return (
    <Menu
      label="Compared with"
      align="end"
      trigger={props => (
        <button type="button" className="btn quiet diff-vs" {...props}>
          against {baselineText({ baseline: vs })}
          <Icon name="down" className="s12 end" />
        </button>
      )}
    >
      {close =>
        BASELINES.map(baseline => (
          <MenuItem
            key={baseline}
            checked={baseline === vs}
            onChoose={() => {
              close();
              go({ vs: baseline }, 'replace');
            }}
          >
            {baseline === 'rest' ? 'The rest of the query' : `The same box, ${baselineText({ baseline })}`}
          </MenuItem>
        ))
      }
    </Menu>
  );
}

function OfBox({ box, filters }: { box: LatencyBox; filters: FilterBarState }) {
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
  const { selection, rest, of, attributes } = difference;
  // The first stands in the headline.
  const pairs = difference.pairs.slice(1);
  return (
    <>
      <Headline difference={difference} />
      <p className="diff-groups">
        <span className="nw">
          <i className="key a" /> selection {groupText(selection, of)}
        </span>
        <span className="nw">
          <i className="key" /> {baselineText(difference)} {groupText(rest, of)}
        </span>
      </p>
      {attributes.length > 0 && (
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
            <PairRow key={pairText(pair)} pair={pair} difference={difference} />
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
        <span data-tip={difference.covers}>
          {formatCount(difference.tested)} comparisons, {formatPercent(difference.alpha)} chance of a false one
        </span>
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
        <b>Too few to tell.</b> {fewer === difference.selection ? 'The selection' : sentence(baselineText(difference))}{' '}
        holds {groupText(fewer, difference.of)}; mark a larger box.
      </p>
    );
  }
  const found = difference.verdict === 'differs' ? headline(difference) : undefined;
  if (!found) {
    return (
      <p className="diff-sum" role="status">
        <b>Nothing sets the selection apart</b> in the {formatCount(difference.alike.length)} attributes that were
        compared with {baselineText(difference)}.
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
      <b>{formatPercent(found.shares.restShare)}</b> of {baselineText(difference)}.
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
