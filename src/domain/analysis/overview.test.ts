import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY_CELL, overviewInSteps } from './overview.ts';
import { allSteps } from './steps.ts';
import { tableOf } from './testing/table-of.ts';

const spans = fc.array(
  fc.record({ from: fc.nat(1000), length: fc.oneof(fc.constant(0), fc.nat(600)), service: fc.constantFrom('a', 'b') }),
  { minLength: 1, maxLength: 40 },
);

it('paints every span, the deepest on top, as a plain painter would', () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 12 }), (drawn, lines) => {
      const table = tableOf(
        drawn.map(({ from, length, service }, i) => ({
          id: `s${i}`,
          from,
          to: from + length,
          service,
          ...(i > 0 && { parent: `s${i >> 1}` }),
        })),
      );
      const columns = 50;
      const { cell } = allSteps(overviewInSteps(table, table.durationNs, columns, lines));
      const expected = new Int32Array(columns * lines).fill(EMPTY_CELL);
      const perNs = columns / Math.max(1, table.durationNs);
      for (let row = 0; row < table.length; row++) {
        const y = Math.min(lines - 1, Math.floor((row / table.length) * lines));
        const from = Math.min(columns - 1, Math.floor(table.startNs[row] * perNs));
        const to = Math.min(columns, from + Math.max(1, Math.ceil(table.spanDurationNs[row] * perNs)));
        for (let x = from; x < to; x++) expected[y * columns + x] = table.resource[row];
      }
      expect(cell).toEqual(expected);
    }),
  );
});
