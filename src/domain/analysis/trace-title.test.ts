import { describe, expect, it } from 'vitest';
import { StatusCode } from '#domain/trace/trace-table.ts';
import { tableOf } from './testing/table-of.ts';
import { mainRoot, traceRoots } from './trace-roots.ts';
import { traceTitle } from './trace-title.ts';

describe('traceTitle', () => {
  it('names the trace by its earliest root and counts it whole', () => {
    const table = tableOf([
      { id: '2', from: 50, to: 90, name: 'late root', service: 'worker' },
      { id: '1', from: 0, to: 100, name: 'POST /checkout', service: 'gateway' },
      { id: '3', parent: '1', from: 10, to: 60, name: 'charge', service: 'payment', status: StatusCode.error },
      { id: '4', parent: '3', from: 20, to: 30, name: 'INSERT', service: 'payment' },
      { id: '5', parent: 'lost', from: 40, to: 45, name: 'orphan' },
    ]);
    expect(traceTitle(table)).toEqual({
      rootRow: 0,
      service: 'gateway',
      operation: 'POST /checkout',
      depth: 3,
      spanCount: 5,
      errorCount: 1,
      services: [
        { name: 'payment', spanCount: 2, errorCount: 1 },
        { name: '', spanCount: 1, errorCount: 0 },
        { name: 'gateway', spanCount: 1, errorCount: 0 },
        { name: 'worker', spanCount: 1, errorCount: 0 },
      ],
    });
  });

  it('says nothing about a trace without spans', () => {
    expect(traceTitle(tableOf([]))).toEqual({
      rootRow: -1,
      service: '',
      operation: '',
      depth: 0,
      spanCount: 0,
      errorCount: 0,
      services: [],
    });
  });
});

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
