import { useState } from 'react';
import type {
  AttributeDifference,
  Difference,
  NumericDifference,
  PairPart,
  ValueShares,
} from '#domain/api/latency-api.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { fieldText, liftText, quantileText, rowSentence, strongestPart, valueText } from './difference-text.ts';
import { type QuantileStrip, quantileStrips } from './quantile-strip.ts';
import { ValueVerbs } from './ValueVerbs.tsx';

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
  const strongest = strongestPart(attribute);
  if (!strongest) return null;
  const others = attribute.kind === 'categorical' ? attribute.values.slice(1) : [];
  const more = attribute.kind === 'categorical' ? others.length + (attribute.missing.restCount > 0 ? 1 : 0) : 0;
  return (
    <>
      <ShareRow
        name={fieldText(attribute.field)}
        part={strongest.part}
        shares={strongest.shares}
        effect={attribute.effect}
        p={attribute.p}
        difference={difference}
        filters={filters}
        toggle={more > 0 ? { isOpen, onToggle: () => setOpen(!isOpen), more } : undefined}
      >
        {attribute.kind === 'numeric' && <Strips attribute={attribute} />}
      </ShareRow>
      {isOpen &&
        attribute.kind === 'categorical' &&
        others.map(value => (
          <ShareRow
            key={`${value.value.type} ${value.value.value}`}
            name=""
            part={{ field: attribute.field, operator: '=', value: value.value }}
            shares={value}
            effect={value.effect}
            p={value.p}
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
  parts,
  shares,
  effect,
  p,
  difference,
}: {
  parts: readonly PairPart[];
  shares: ValueShares;
  effect: number;
  p: number;
  difference: Difference;
}) {
  return (
    <li className="diff-row" data-tip={rowSentence(shares, effect, p, difference)}>
      <span className="diff-name ell">
        {parts.map((part, i) => (
          <span key={part.field}>
            {i > 0 && <span className="mut"> and </span>}
            <span className="mut">{fieldText(part.field)} </span>
            <b>
              {SIGNS[part.operator]}
              {valueText(part.value)}
            </b>
          </span>
        ))}
      </span>
      <Numbers shares={shares} />
      <Bars shares={shares} />
      <span className="vh">{rowSentence(shares, effect, p, difference)}</span>
    </li>
  );
}

function ShareRow({
  name,
  part,
  shares,
  effect,
  p,
  difference,
  filters,
  toggle,
  children,
}: {
  name: string;
  part: PairPart;
  shares: ValueShares;
  effect: number;
  p: number;
  difference: Difference;
  filters: FilterBarState;
  toggle?: { isOpen: boolean; onToggle: () => void; more: number } | undefined;
  children?: React.ReactNode;
}) {
  const sentence = rowSentence(shares, effect, p, difference);
  return (
    <li className={`diff-row ${name === '' ? 'further' : ''}`}>
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
        <span className="ell" data-tip={`${part.field} ${SIGNS[part.operator]}${valueText(part.value)}: ${sentence}`}>
          <span className="mut">{name} </span>
          <b>
            {SIGNS[part.operator]}
            {valueText(part.value)}
          </b>
        </span>
        <ValueVerbs part={part} filters={filters} />
      </span>
      <Numbers shares={shares} />
      <Bars shares={shares} />
      {children}
      <span className="vh">{sentence}</span>
    </li>
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
  const text = (quantiles: readonly number[]) =>
    quantiles.length === 5 ? `median ${quantileText(quantiles[2]!)}` : '';
  return (
    <span className="diff-strips" aria-hidden="true">
      <Strip strip={strips.selection} className="a" />
      <Strip strip={strips.rest} className="b" />
      <span className="diff-medians mut">
        {text(attribute.selectionQuantiles)} · {text(attribute.restQuantiles)}
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
