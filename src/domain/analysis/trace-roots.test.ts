import { describe, expect, it } from 'vitest';
import { tableOf } from './testing/table-of.ts';
import { mainRoot, traceRoots } from './trace-roots.ts';

describe('roots', () => {
  const names = (table: ReturnType<typeof tableOf>) =>
    Array.from(traceRoots(table), row => table.strings.at(table.name[row]));

  it('are those reported and the orphans', () => {
    const table = tableOf([
      { id: 'a', from: 10, to: 20 },
      { id: 'b', parent: 'a', from: 11, to: 12 },
      { id: 'c', parent: 'lost', from: 5, to: 6 },
      { id: 'd', from: 30, to: 40 },
    ]);
    expect(names(table)).toEqual(['c', 'a', 'd']);
    expect(table.strings.at(table.name[mainRoot(table)])).toBe('c');
  });

  it('never name the trace by a span ten years off while there is another', () => {
    const tenYears = 315_360_000_000_000_000;
    const table = tableOf([
      { id: 'stray', from: -tenYears, to: -tenYears + 5 },
      { id: 'a', from: 10, to: 20 },
      { id: 'b', from: 30, to: 40 },
    ]);
    expect(table.strings.at(table.name[mainRoot(table)])).toBe('a');
  });
});
