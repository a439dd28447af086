import { expect, test } from 'vitest';
import { type VersionCell, versionMarks } from './version-marks.ts';

/** `aaab`: one column each; digits for how many spans of which version. */
function cells(drawn: Readonly<Record<string, readonly number[]>>, service = 'pay'): readonly VersionCell[] {
  return Object.entries(drawn).flatMap(([version, counts]) =>
    counts.flatMap((count, column) =>
      count === 0
        ? []
        : [{ service, version, column, count, firstNs: BigInt(column * 100), lastNs: BigInt(column * 100 + 99) }],
    ),
  );
}

const told = (list: readonly VersionCell[]) =>
  versionMarks(list).map(mark => `${mark.kind} ${mark.service} ${mark.previous}→${mark.version} at ${mark.atUnixNano}`);

test('a service that never changes has no mark', () => {
  expect(told(cells({ a: [5, 5, 5, 5] }))).toEqual([]);
  expect(told([])).toEqual([]);
});

test('versions that ran from the beginning are no deployment', () => {
  expect(told(cells({ a: [5, 5, 5], b: [5, 5, 5] }))).toEqual([]);
});

test('a version that appears later was deployed', () => {
  expect(told(cells({ a: [5, 5, 2, 0], b: [0, 0, 3, 5] }))).toEqual(['deployment pay a→b at 200']);
});

test('a version that gives way to the one before was rolled back', () => {
  expect(told(cells({ a: [50, 50, 0, 50, 50], b: [0, 0, 50, 0, 0] }))).toEqual([
    'deployment pay a→b at 200',
    'rollback pay b→a at 299',
  ]);
});

test('a rare version that was not seen for a little while still runs', () => {
  expect(told(cells({ a: [99, 99, 99, 30], b: [0, 1, 1, 0] }))).toEqual(['deployment pay a→b at 100']);
});

test('services are told apart', () => {
  const both = [...cells({ a: [5, 0], b: [0, 5] }), ...cells({ a: [5, 5] }, 'cart')];
  expect(told(both)).toEqual(['deployment pay a→b at 100']);
});
