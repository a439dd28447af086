import { useState } from 'react';
import type {
  AttributeDifference,
  Difference,
  NumericDifference,
  PairDifference,
  PairPart,
  ValueShares,
} from '#domain/api/latency-api.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { Icon } from '#views/shared/Icon.tsx';
import {
  fieldText,
  liftText,
  pairText,
  partText,
  quantileText,
  rowSentence,
  type Told,
  toldBy,
  valueText,
} from './difference-text.ts';
import { type QuantileStrip, quantileStrips } from './quantile-strip.ts';
import { PairVerbs, ValueVerbs } from './ValueVerbs.tsx';

const SIGNS = { '=': '', '>=': '≥ ', '<': '< ' } as const;

/** One attribute that sets the selection apart: its strongest value, and on demand the others. */
export function AttributeRow({
  attribute,
  difference,
  filters,
}: {
  attribute: AttributeDifference;
  difference: Difference;
  filters: FilterBarState;
}) {
  const [isOpen, setOpen] = useState(false);
  const [first, ...others] = toldBy(attribute, difference.alpha);
  if (!first) return null;
  const hasMore = attribute.kind === 'categorical' && (others.length > 0 || attribute.missing.restCount > 0);
  return (
    <>
      <ShareRow
        name={fieldText(attribute.field)}
        told={first}
        difference={difference}
        filters={filters}
        toggle={hasMore ? { isOpen, onToggle: () => setOpen(!isOpen) } : undefined}
      >
        {attribute.kind === 'numeric' && <Strips attribute={attribute} />}
      </ShareRow>
      {isOpen &&
        others.map(told => (
          <ShareRow
            key={`${told.part.value.type} ${told.part.value.value}`}
            name=""
            told={told}
            difference={difference}
            filters={filters}
          />
        ))}
      {isOpen && attribute.kind === 'categorical' && (
        <div className="diff-rest mut">
          {attribute.missing.selectionCount + attribute.missing.restCount > 0 &&
            `without it ${formatPercent(attribute.missing.selectionShare)} and ${formatPercent(attribute.missing.restShare)}`}
          {attribute.otherValues > 0 && ` · ${formatCount(attribute.otherValues)} further values`}
        </div>
      )}
    </>
  );
}

/** Two values that together tell more than either. */
export function PairRow({
  pair,
  difference,
  filters,
}: {
  pair: PairDifference;
  difference: Difference;
  filters: FilterBarState;
}) {
  const sentence = rowSentence({ shares: pair, effect: pair.effect, p: pair.p }, difference);
  return (
    <li className="diff-row">
      <span className="diff-name">
        <span className="ell" data-tip={`${pairText(pair)}: ${sentence}`}>
          {pair.parts.map((part, i) => (
            <span key={part.field}>
              {i > 0 && <span className="mut"> and </span>}
              <Condition name={fieldText(part.field)} part={part} />
            </span>
          ))}
        </span>
        <PairVerbs pair={pair} filters={filters} />
      </span>
      <Numbers shares={pair} />
      <Bars shares={pair} />
      <span className="vh">{sentence}</span>
    </li>
  );
}

function ShareRow({
  name,
  told,
  difference,
  filters,
  toggle,
  children,
}: {
  name: string;
  told: Told;
  difference: Difference;
  filters: FilterBarState;
  toggle?: { isOpen: boolean; onToggle: () => void } | undefined;
  children?: React.ReactNode;
}) {
  const sentence = rowSentence(told, difference);
  return (
    <li className="diff-row">
      <span className="diff-name">
        {toggle ? (
          <button
            type="button"
            className="diff-toggle"
            aria-expanded={toggle.isOpen}
            aria-label={`Other values of ${name}`}
            onClick={toggle.onToggle}
          >
            <Icon name={toggle.isOpen ? 'down' : 'right'} className="s12" />
          </button>
        ) : (
          <span className="diff-toggle" />
        )}
        <span className="ell" data-tip={`${partText(told.part)}: ${sentence}`}>
          <Condition name={name} part={told.part} />
        </span>
        <ValueVerbs part={told.part} filters={filters} />
      </span>
      <Numbers shares={told.shares} />
      <Bars shares={told.shares} />
      {children}
      <span className="vh">{sentence}</span>
    </li>
  );
}

function Condition({ name, part }: { name: string; part: PairPart }) {
  return (
    <>
      {name !== '' && <span className="mut">{name} </span>}
      <b>
        {SIGNS[part.operator]}
        {valueText(part.value)}
      </b>
    </>
  );
}

function Numbers({ shares }: { shares: ValueShares }) {
  return (
    <>
      <span className="num diff-share">{formatPercent(shares.selectionShare)}</span>
      <span className="num mut">{formatPercent(shares.restShare)}</span>
      <span className="num sec">{liftText(shares)}</span>
      <span className="num mut">{formatCount(shares.selectionCount)}</span>
    </>
  );
}

function Bars({ shares }: { shares: ValueShares }) {
  return (
    <span className="diff-bars" aria-hidden="true">
      <i className="a" style={{ width: `${shares.selectionShare * 100}%` }} />
      <i className="b" style={{ width: `${shares.restShare * 100}%` }} />
    </span>
  );
}

/** Where the numbers of both groups lie: 5–95 % as a line, the middle half as a bar, the median as a tick. */
function Strips({ attribute }: { attribute: NumericDifference }) {
  const strips = quantileStrips(attribute);
  const [selection, rest] = [attribute.selectionQuantiles[2], attribute.restQuantiles[2]];
  return (
    <span className="diff-strips" aria-hidden="true">
      <Strip strip={strips.selection} className="a" />
      <Strip strip={strips.rest} className="b" />
      <span className="diff-medians mut">
        {selection !== undefined && rest !== undefined && `median ${quantileText(selection)}, ${quantileText(rest)}`}
      </span>
    </span>
  );
}

function Strip({ strip, className }: { strip: QuantileStrip; className: string }) {
  const between = ([from, to]: readonly [number, number]) => ({ left: `${from}%`, width: `${to - from}%` });
  return (
    <span className={`diff-strip ${className}`}>
      <i className="whisker" style={between(strip.whisker)} />
      <i className="box" style={between(strip.box)} />
      <i className="median" style={{ left: `${strip.median}%` }} />
    </span>
  );
}
