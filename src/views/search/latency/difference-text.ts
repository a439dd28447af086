import type {
  AttributeDifference,
  Difference,
  LatencyUnit,
  PairDifference,
  PairPart,
  ValueShares,
} from '#domain/api/latency-api.ts';
import { formatCount, formatPercent, NBSP, significant } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { fieldName } from '#views/search/field-names.ts';
import { fieldOfTag } from '#views/search/field-of-tag.ts';

const SIGNS = { '=': '=', '>=': '≥', '<': '<' } as const;

/** A field in the reader's words, without the scope that its group says already. */
export function fieldText(field: string): string {
  const chip = fieldOfTag(field);
  if (chip === undefined) return visibleText(field);
  const { scope, name } = fieldName(chip);
  return visibleText(scope === 'baggage' ? `baggage ${name}` : name);
}

/** `service.version = 2.14.0`, `db.rows ≥ 1,200`. */
export function partText({ field, operator, value }: PairPart): string {
  return `${fieldText(field)} ${SIGNS[operator]} ${valueText(value)}`;
}

export function valueText({ type, value }: TagValue): string {
  if (type === 'int' && /^-?\d{5,15}$/.test(value)) return formatCount(Number(value));
  return visibleText(value) || '“”';
}

/** The condition that best tells the selection from the rest: a value, or one side of a threshold. */
export function strongestPart(attribute: AttributeDifference): { part: PairPart; shares: ValueShares } | undefined {
  if (attribute.kind === 'numeric') {
    const { operator, threshold } = attribute.split;
    const value: TagValue = { type: attribute.type, value: String(threshold) };
    return { part: { field: attribute.field, operator, value }, shares: attribute.split };
  }
  const [strongest] = attribute.values;
  return strongest && { part: { field: attribute.field, operator: '=', value: strongest.value }, shares: strongest };
}

/** A quantile of a numeric attribute as it is read. */
export function quantileText(value: number): string {
  return Math.abs(value) >= 1000 ? formatCount(value) : significant(value);
}

/** `×12.8`; what the rest does not have at all is `only here`. */
export function liftText({ lift, selectionCount }: ValueShares): string {
  if (lift === undefined) return selectionCount > 0 ? 'only here' : '–';
  if (lift >= 100) return `×${formatCount(lift)}`;
  return `×${lift >= 10 ? lift.toFixed(0) : significant(lift)}`;
}

/** Cohen's own words for h. */
export function effectText(effect: number): string {
  const size = Math.abs(effect);
  if (size >= 0.8) return 'large effect';
  if (size >= 0.5) return 'medium effect';
  return size >= 0.2 ? 'small effect' : 'slight effect';
}

/** `p < 0.001`, corrected for everything that was tried. */
export function chanceText(p: number): string {
  return p < 0.001 ? `p${NBSP}<${NBSP}0.001` : `p${NBSP}=${NBSP}${p.toFixed(3)}`;
}

/** The whole of a row, for its tooltip and for who cannot see bars. */
export function rowSentence(shares: ValueShares, effect: number, p: number, difference: Difference): string {
  const of = (count: number, group: { compared: number }) => `${formatCount(count)} of ${formatCount(group.compared)}`;
  return (
    `${formatPercent(shares.selectionShare)} of the selection (${of(shares.selectionCount, difference.selection)}), ` +
    `${formatPercent(shares.restShare)} of ${baselineText(difference)} (${of(shares.restCount, difference.rest)}); ` +
    `${effectText(effect)}, ${chanceText(p)} after ${formatCount(difference.tested)} comparisons`
  );
}

const BASELINES = { rest: 'the rest', '1h': 'the hour before', '1d': 'the day before', '1w': 'the week before' };

export function baselineText({ baseline }: Pick<Difference, 'baseline'>): string {
  return BASELINES[baseline];
}

/** The headline: the condition, or two together, that sets the selection apart most; undefined where nothing does. */
export function headline(
  difference: Difference,
): { readonly parts: readonly string[]; readonly shares: ValueShares } | undefined {
  const [pair] = difference.pairs;
  const [first] = difference.attributes;
  if (pair && pair.effect >= (first?.effect ?? 0)) return { parts: pair.parts.map(partText), shares: pair };
  const strongest = first && strongestPart(first);
  return strongest && { parts: [partText(strongest.part)], shares: strongest.shares };
}

export function pairKey({ parts }: PairDifference): string {
  return parts.map(partText).join(' · ');
}

/** `1,132 traces`, or of how many only some were compared. */
export function groupText({ count, compared }: { count: number; compared: number }, of: LatencyUnit): string {
  const all = `${formatCount(count)}${NBSP}${of}`;
  return compared < count ? `${formatCount(compared)} of ${all}` : all;
}
