import { describe, expect, test } from 'vitest';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import { compareField, type FieldCounts, pairCandidates } from './compare-fields.ts';
import { comparePairs } from './compare-pairs.ts';
import { rankDifferences } from './rank-differences.ts';

const RUNS = 100;
const MOSTLY = 95;
const SELECTION = 200;
const REST = 1_000;

type Value = string | number | undefined;
type Unit = Readonly<Record<string, Value>>;

/** What may be the cause. */
interface Core {
  readonly tenant: number;
  readonly version: string;
  readonly bodySize: number;
}

/** Few common values and many rare ones. */
const skewed = (random: () => number, n: number) => Math.floor(n * random() ** 3);
const gauss = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function makeCore(random: () => number): Core {
  return {
    tenant: skewed(random, 40),
    version: random() < 0.3 ? '2.3' : '2.2',
    bodySize: Math.round(Math.exp(7 + 1.2 * gauss(random))),
  };
}

/** A span of a busy system: some attributes depend on others, some are rare, some are numbers, some are ids. */
function makeUnit(random: () => number, { tenant, version, bodySize }: Core): Unit {
  const below = (n: number) => Math.floor(random() * n);
  const failed = random() < 0.03;
  const unit: Record<string, Value> = {
    'span.tenant.id': `t${tenant}`,
    // Follows from the tenant.
    'span.tenant.plan': tenant < 8 ? 'gold' : tenant < 20 ? 'silver' : 'free',
    'resource.service.version': version,
    // Follows from the version.
    'resource.k8s.pod.name': `pod-${version}-${below(6)}`,
    'resource.host.name': `host-${below(12)}`,
    'resource.cloud.region': ['eu', 'us', 'ap'][skewed(random, 3)],
    'span.http.response.status_code': failed ? 503 : 200,
    'span.exception.type': failed ? 'Timeout' : undefined,
    'span.http.request.body.size': bodySize,
    'span.cart.items': Math.round(Math.exp(1.5 + gauss(random))),
    'span.queue.depth': random() < 0.3 ? Math.round(Math.abs(gauss(random)) * 200) : undefined,
    'span.user.id': `u${below(1e9)}`,
    'span.request.id': `r${below(1e12)}`,
  };
  for (let i = 0; i < 20; i++) unit[`span.noise.${i}`] = `n${skewed(random, 2 + i * 5)}`;
  return unit;
}

interface Planted {
  readonly seed: number;
  /** How likely such a span is slow. */
  slow(core: Core): number;
}

function differenceOf({ seed, slow }: Planted) {
  const random = seededRandom(seed);
  const [selection, rest]: [Unit[], Unit[]] = [[], []];
  let [slowSeen, allSeen] = [0, 0];
  while (selection.length < SELECTION || rest.length < REST) {
    const core = makeCore(random);
    allSeen++;
    const isSlow = random() < slow(core);
    if (isSlow) slowSeen++;
    const [group, size] = isSlow ? [selection, SELECTION] : [rest, REST];
    if (group.length < size) group.push(makeUnit(random, core));
  }
  const count = Math.round((SELECTION * (allSeen - slowSeen)) / slowSeen);
  const groups = {
    selection: { count: SELECTION, compared: SELECTION },
    rest: { count, compared: REST },
  };
  const units = [...selection, ...rest];
  const fields = Object.keys(units[0]).map(field => compareField(groups, countField(field, units)));
  const candidates = pairCandidates(groups, fields);
  const members = candidates.map(({ part }) =>
    units.flatMap((unit, i) => {
      const value = unit[part.field];
      if (value === undefined) return [];
      if (part.operator === '=') return String(value) === part.value.value ? [i] : [];
      return Number(value) >= Number(part.value.value) === (part.operator === '>=') ? [i] : [];
    }),
  );
  return rankDifferences(groups, fields, comparePairs(groups, candidates, members));
}

function countField(field: string, units: readonly Unit[]): FieldCounts {
  const values = new Map<string, { value: TagValue; selection: number; rest: number }>();
  const carried = { selection: 0, rest: 0 };
  units.forEach((unit, i) => {
    const value = unit[field];
    if (value === undefined) return;
    const known = values.get(String(value)) ?? {
      value: { type: typeof value === 'number' ? ('int' as const) : ('string' as const), value: String(value) },
      selection: 0,
      rest: 0,
    };
    values.set(String(value), known);
    const group = i < SELECTION ? 'selection' : 'rest';
    known[group]++;
    carried[group]++;
  });
  return { field, values: [...values.values()], distinct: values.size, carried };
}

/** In how many of the seeded runs something holds. */
function runsWhere(
  slow: Planted['slow'],
  holds: (found: ReturnType<typeof differenceOf>) => boolean | undefined,
): number {
  let count = 0;
  for (let run = 0; run < RUNS; run++) if (holds(differenceOf({ seed: 1_000 + run, slow }))) count++;
  return count;
}

describe('of 100 runs with 200 in the selection', () => {
  test('a single value that makes slow comes first and is not dressed up as a pair', () => {
    const runs = runsWhere(
      ({ tenant }) => (tenant === 3 ? 0.4 : 0.01),
      ({ attributes: [first], pairs }) =>
        pairs.length === 0 &&
        first?.kind === 'categorical' &&
        first.field === 'span.tenant.id' &&
        first.values[0].value.value === 't3',
    );
    expect(runs).toBeGreaterThanOrEqual(MOSTLY);
  });

  test('a pair that makes slow comes first among the pairs', () => {
    const runs = runsWhere(
      ({ tenant, version }) => (tenant === 3 && version === '2.3' ? 0.7 : 0.01),
      ({ pairs: [first] }) =>
        first?.parts.some(part => part.field === 'span.tenant.id' && part.value.value === 't3') &&
        first.parts.some(part => part.field === 'resource.service.version' && part.value.value === '2.3'),
    );
    expect(runs).toBeGreaterThanOrEqual(MOSTLY);
  });

  test('a threshold of a number that makes slow comes first', () => {
    const runs = runsWhere(
      ({ bodySize }) => (bodySize >= 5_000 ? 0.5 : 0.01),
      ({ attributes: [first] }) =>
        first?.kind === 'numeric' &&
        first.field === 'span.http.request.body.size' &&
        first.split.operator === '>=' &&
        Math.abs(first.split.threshold - 5_000) < 1_000,
    );
    expect(runs).toBeGreaterThanOrEqual(MOSTLY);
  });

  test('without a cause it says so', () => {
    const runs = runsWhere(
      () => 0.05,
      ({ verdict, hidden }) => verdict === 'nothing-differs' && hidden.join() === 'span.request.id,span.user.id',
    );
    expect(runs).toBeGreaterThanOrEqual(MOSTLY);
  });
});
