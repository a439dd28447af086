import type { AttributeDifference, Difference, PairDifference, ValueDifference } from '#domain/api/latency-api.ts';
import type { ComparedField } from './compare-fields.ts';
import type { ComparedPair } from './compare-pairs.ts';
import { type Comparison, correctionFactor } from './correction.ts';
import { quantilesOf } from './kolmogorov.ts';
import { cohensH, differenceBounds, type Groups, sharesOf } from './shares.ts';

/** Chance that anything is called significant where nothing differs. */
const ALPHA = 0.01;
/** Fewer in either group tell nothing, whatever they hold. */
const MIN_UNITS = 5;
/** Smaller differences may be real, but explain nothing (Cohen's h). */
const MIN_EFFECT = 0.1;
const MAX_PAIRS = 5;
const MAX_VALUES = 20;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Fields with so many different values are ids, if at least so many have them. */
const UNIQUE_PART = 0.9;
const UNIQUE_FROM = 20;

type Ranked = Pick<Difference, 'verdict' | 'attributes' | 'pairs' | 'hidden' | 'alike' | 'tested' | 'alpha'>;

/** Corrects for everything that was compared and ranks what is left by effect. */
export function rankDifferences(
  groups: Groups,
  fields: readonly ComparedField[],
  pairs: readonly ComparedPair[] = [],
): Ranked {
  const nothing = { attributes: [], pairs: [], hidden: [], alike: [], tested: 0, alpha: ALPHA };
  if (Math.min(groups.selection.compared, groups.rest.compared) < MIN_UNITS) return { verdict: 'too-few', ...nothing };
  const comparisons: Comparison[] = [...pairs];
  for (const field of fields)
    for (const each of field.kind === 'numeric' ? [field] : field.values) comparisons.push(each);
  const tested = correctionFactor(comparisons, ALPHA);
  const corrected = (p: number) => Math.min(1, p * tested);
  const attributes: AttributeDifference[] = [];
  const [hidden, alike]: [string[], string[]] = [[], []];
  for (const field of fields) {
    const difference = differenceOf(groups, field, corrected);
    if (difference !== undefined) attributes.push(difference);
    else if (isUnique(field)) hidden.push(field.counts.field);
    else alike.push(field.counts.field);
  }
  attributes.sort(
    (a, b) =>
      b.effect - a.effect || a.p - b.p || remoteness(a.field) - remoteness(b.field) || (a.field < b.field ? -1 : 1),
  );
  const found = rankPairs(groups, pairs, corrected);
  const verdict = attributes.length + found.length > 0 ? 'differs' : 'nothing-differs';
  return { verdict, attributes, pairs: found, hidden: hidden.sort(), alike: alike.sort(), tested, alpha: ALPHA };
}

/** What comes with a deployment or a customer says more than what it brings about: decides between equals only. */
const TELLING: readonly RegExp[] = [
  /^resource\.(?:service\.version|deployment\.)/,
  /^baggage\./,
  /^resource\.(?:service|k8s|cloud)\./,
  /^name$|^span\.|^resource\./,
];

function remoteness(field: string): number {
  const found = TELLING.findIndex(pattern => pattern.test(field));
  return found === -1 ? TELLING.length : found;
}

/** Undefined where nothing of the field differs significantly. */
function differenceOf(
  groups: Groups,
  field: ComparedField,
  corrected: (p: number) => number,
): AttributeDifference | undefined {
  const { field: name, values, distinct, carried } = field.counts;
  if (field.kind === 'numeric') {
    const { split, numbers, effect } = field;
    const p = corrected(field.p);
    if (p > ALPHA || effect < MIN_EFFECT) return undefined;
    return {
      kind: 'numeric',
      field: name,
      effect,
      p,
      type: values.every(({ value }) => value.type === 'int') ? 'int' : 'float',
      selectionQuantiles: quantilesOf(numbers, 'selection', QUANTILES),
      restQuantiles: quantilesOf(numbers, 'rest', QUANTILES),
      distance: split.distance,
      split: { operator: split.operator, threshold: split.threshold, ...sharesOf(groups, split) },
    };
  }
  const ranked = field.values
    .map(({ value, counts, effect, p }): ValueDifference => {
      const shares = sharesOf(groups, counts);
      return { value, ...shares, effect, p: corrected(p), shareDifference: differenceBounds(groups, shares) };
    })
    .sort(
      (a, b) =>
        Number(isClear(b)) - Number(isClear(a)) || Math.abs(b.effect) - Math.abs(a.effect) || b.effect - a.effect,
    );
  const [strongest] = ranked;
  if (strongest === undefined || !isClear(strongest)) return undefined;
  const missing = {
    selection: groups.selection.compared - carried.selection,
    rest: groups.rest.compared - carried.rest,
  };
  const listed = ranked.slice(0, MAX_VALUES);
  return {
    kind: 'categorical',
    field: name,
    effect: Math.abs(strongest.effect),
    p: strongest.p,
    values: listed,
    otherValues: distinct - listed.length,
    missing: sharesOf(groups, missing),
  };
}

function isClear({ p, effect }: Pick<ValueDifference, 'p' | 'effect'>): boolean {
  return p <= ALPHA && Math.abs(effect) >= MIN_EFFECT;
}

function isUnique({ counts: { distinct, carried } }: ComparedField): boolean {
  const carriers = carried.selection + carried.rest;
  return carriers > UNIQUE_FROM && distinct > UNIQUE_PART * carriers;
}

/** A condition stands in one pair only: the one that names the selection best. */
function rankPairs(
  groups: Groups,
  pairs: readonly ComparedPair[],
  corrected: (p: number) => number,
): readonly PairDifference[] {
  const clear = pairs.filter(({ p }) => corrected(p) <= ALPHA).sort((a, b) => b.names - a.names);
  const used = new Set<unknown>();
  const found: PairDifference[] = [];
  for (const { parts, counts, p, names } of clear) {
    if (found.length === MAX_PAIRS) break;
    if (parts.some(part => used.has(part))) continue;
    for (const part of parts) used.add(part);
    const shares = sharesOf(groups, counts);
    found.push({
      parts: [parts[0].part, parts[1].part],
      ...shares,
      effect: cohensH(shares),
      p: corrected(p),
      namesSelection: names,
    });
  }
  return found;
}
