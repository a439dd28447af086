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
import { baselineText } from './baseline-text.ts';

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

/** One condition of an attribute with what holds for it. */
export interface Told {
  readonly part: PairPart;
  readonly shares: ValueShares;
  /** Cohen's h. */
  readonly effect: number;
  /** Corrected. */
  readonly p: number;
}

/**
 * The conditions of an attribute, the most telling first. What the selection has more of comes before what it lacks: it is
 * what the reader can look for.
 */
export function toldBy(attribute: AttributeDifference, alpha: number): readonly Told[] {
  const { field } = attribute;
  if (attribute.kind === 'numeric') {
    const { operator, threshold } = attribute.split;
    const value: TagValue = { type: attribute.type, value: String(threshold) };
    const { effect, p } = attribute;
    return [{ part: { field, operator, value }, shares: attribute.split, effect, p }];
  }
  const all = attribute.values.map(value => ({
    part: { field, operator: '=' as const, value: value.value },
    shares: value,
    effect: value.effect,
    p: value.p,
  }));
  const more = all.find(({ effect, p }) => effect > 0 && p <= alpha);
  return more ? [more, ...all.filter(told => told !== more)] : all;
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
export function rowSentence({ shares, effect, p }: Omit<Told, 'part'>, difference: Difference): string {
  const of = (count: number, group: { compared: number }) => `${formatCount(count)} of ${formatCount(group.compared)}`;
  return (
    `${formatPercent(shares.selectionShare)} of the selection (${of(shares.selectionCount, difference.selection)}), ` +
    `${formatPercent(shares.restShare)} of ${baselineText(difference.baseline)} (${of(shares.restCount, difference.rest)}); ` +
    `${effectText(effect)}, ${chanceText(p)} after ${formatCount(difference.tested)} comparisons`
  );
}

/** The headline: the condition, or two together, that sets the selection apart most; undefined where nothing does. */
export function headline(
  difference: Difference,
): { readonly parts: readonly string[]; readonly shares: ValueShares } | undefined {
  const [pair] = difference.pairs;
  const [first] = difference.attributes;
  if (pair) return { parts: pair.parts.map(partText), shares: pair };
  const told = first && toldBy(first, difference.alpha)[0];
  return told && { parts: [partText(told.part)], shares: told.shares };
}

export function pairText({ parts }: PairDifference): string {
  return parts.map(partText).join(' and ');
}

/** `1,132 traces`, or of how many only some were compared. */
export function groupText({ count, compared }: { count: number; compared: number }, of: LatencyUnit): string {
  const all = `${formatCount(count)}${NBSP}${of}`;
  return compared < count ? `${formatCount(compared)} of ${all}` : all;
}
