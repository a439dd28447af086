import { describe, expect, it } from 'vitest';
import type { VersionMark } from '#domain/api/latency-api.ts';
import { boxText, durationsText } from '#views/search/box-text.ts';
import { durationTicks } from '#views/shared/duration-ticks.ts';
import { timeTicks } from '#views/shared/time-ticks.ts';
import { cursorBox, firstCursor, heldCursor, moveCursor } from './cell-cursor.ts';
import { gridOf } from './heat-grid.ts';
import { cellsText, plotSentence, rankText } from './latency-text.ts';
import { notesOf } from './notes.ts';
import { plotOf } from './plot.ts';
import { heatmap } from './testing/heatmap.ts';
import { versionLabels } from './version-labels.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const clock = { zone: 'Europe/Berlin', nowMs: Date.UTC(2026, 8, 17, 15) };
const at = (...[hour, minute = 0]: number[]) => Date.UTC(2026, 8, 17, hour, minute);
const labels = (ticks: readonly { label: string }[]) => ticks.map(({ label }) => plain(label)).join(' ');

describe('time ticks', () => {
  it.each([
    ['an hour', at(11, 40), at(12, 40), 'Europe/Berlin', '13:40 13:50 14:00 14:10 14:20 14:30 14:40'],
    [
      'an hour in a zone of half hours',
      at(11, 40),
      at(12, 40),
      'Asia/Kolkata',
      '17:10 17:20 17:30 17:40 17:50 18:00 18:10',
    ],
    ['ten seconds', at(12), at(12) + 10_000, 'utc', '12:00:00 12:00:02 12:00:04 12:00:06 12:00:08 12:00:10'],
    ['two days', at(0), at(0) + 2 * 86_400_000, 'Europe/Berlin', '12:00 18 Sep 12:00 19 Sep'],
    ['ten days', at(0), at(0) + 10 * 86_400_000, 'utc', '18 Sep 20 Sep 22 Sep 24 Sep 26 Sep'],
    ['five weeks', at(0), at(0) + 35 * 86_400_000, 'utc', '21 Sep 28 Sep 5 Oct 12 Oct 19 Oct'],
    ['a year', Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1), 'utc', '2026 1 Apr 1 Jul 1 Oct 2027'],
  ])('of %s', (_, from, to, zone, expected) => expect(labels(timeTicks(from, to, zone, 7))).toBe(expected));

  it('stay on round times over a change of clocks', () => {
    const day = Date.UTC(2026, 9, 25);
    expect(labels(timeTicks(day - 2 * 3_600_000, day + 6 * 3_600_000, 'Europe/Berlin', 8))).toBe(
      '25 Oct 01:00 02:00 03:00 04:00 05:00 06:00 07:00',
    );
  });

  it('of an empty range are none', () => expect(timeTicks(5, 5, 'utc', 6)).toEqual([]));
});

describe('duration ticks', () => {
  it.each([
    [1e6, 20e9, '1 ms 10 ms 100 ms 1 s 10 s'],
    [150e6, 900e6, '200 ms 500 ms'],
    [1e3, 7200e9, '10 µs 1 ms 100 ms 10 s 10 m'],
  ])('from %d to %d ns', (from, to, expected) => {
    const found = labels(durationTicks(from, to, 6));
    for (const label of found.split(/ (?=\d)/)) expect(found).toContain(label);
    if (from !== 1e3) expect(found).toBe(expected);
    expect(durationTicks(from, to, 6).length).toBeLessThanOrEqual(12);
  });
});

describe('words', () => {
  const grid = gridOf(
    heatmap(120, 40, [
      [64, 30, 37, 4],
      [64, 20, 963],
      [1, 39, 10],
    ]),
  );

  it('name a cell: window, durations, count, failures, percentile', () => {
    const cell = { column: 64, row: 30 };
    expect(plain(cellsText(grid, { from: cell, to: cell }, 'traces', false, clock))).toBe(
      '16:32:00 – 16:32:30 CEST, 190 – 226 ms, 37 traces, 4 errors (11 %), p99',
    );
    const empty = { column: 0, row: 0 };
    expect(plain(cellsText(grid, { from: empty, to: empty }, 'spans', true, clock))).toContain('≈0 spans');
  });

  it('name a box and its bands', () => {
    const fromUnixNano = BigInt(at(12, 32)) * 1_000_000n;
    const toUnixNano = BigInt(at(12, 40)) * 1_000_000n;
    const open = { fromUnixNano: undefined, toUnixNano: undefined, minNs: undefined, maxNs: undefined };
    const box = { fromUnixNano, toUnixNano, minNs: 200e6, maxNs: 2e9 };
    expect(plain(boxText(box, clock))).toBe('14:32 – 14:40 CEST × 200 ms – 2.00 s');
    expect(plain(boxText({ ...open, fromUnixNano, toUnixNano }, clock))).toBe('14:32 – 14:40 CEST');
    expect(plain(boxText({ ...open, minNs: 200e6 }, clock))).toBe('200 ms or longer');
    expect(plain(durationsText(undefined, 2e9)!)).toBe('under 2.00 s');
    expect(plain(durationsText(200e6, 240e6)!)).toBe('200 – 240 ms');
    expect(plain(durationsText(60e9, 184e9)!)).toBe('1 m 00 s – 3 m 04 s');
  });

  it('never round a percentile up', () => {
    expect([0.5, 0.989, 0.9996, 1, Number.NaN].map(rankText)).toEqual(['p50', 'p98', 'p99.9', 'the longest', '']);
  });

  it('sum the plot up, also when it is empty', () => {
    expect(plain(plotSentence(grid, 'traces', false))).toContain('1,010 traces: most often 33.6 – 39.9 ms');
    expect(plotSentence(gridOf(heatmap(10, 0)), 'spans', false)).toContain('nothing with a duration');
  });

  it('say what has no place in the chart and what the numbers stand for', () => {
    const texts = (change: Parameters<typeof heatmap>[3]) =>
      notesOf(heatmap(2, 2, [], change), undefined).map(({ text }) => plain(text));
    expect(texts({})).toEqual([]);
    expect(texts({ estimated: true, observed: 47, partial: 'stopped early' })).toEqual(['partial', 'estimated']);
    expect(texts({ rowsPerOctave: 1 })).toEqual(['log2 buckets']);
    expect(texts({ withoutRoot: 3, withoutDuration: { count: 2, errors: 0 } })).toEqual([
      '3 without root',
      '2 at 0 ns',
    ]);
  });
});

describe('changes of versions', () => {
  const plot = plotOf(gridOf(heatmap(119, 28)), 852);
  const mark = (minutes: number, kind: VersionMark['kind'], version: string): VersionMark => ({
    kind,
    service: 'payment',
    version,
    previous: '',
    atUnixNano: String(BigInt(at(14, minutes)) * 1_000_000n),
  });

  it('are named on the side that has room; where there is none the mark stays', () => {
    const found = versionLabels([mark(25, 'deployment', '2.14.0'), mark(47, 'rollback', '2.13.4')], plot);
    expect(found.map(({ text, side, shown }) => [text, side, shown])).toEqual([
      ['payment 2.14.0 deployed', 'left', true],
      ['payment rolled back to 2.13.4', 'left', true],
    ]);
    const many = Array.from({ length: 20 }, (_, i) => mark(20 + i, 'deployment', `2.${i}`));
    const shown = versionLabels(many, plot).filter(label => label.shown);
    expect(shown.length).toBeLessThan(20);
    expect(versionLabels([mark(-30, 'deployment', '1')], plot)).toEqual([]);
  });
});

describe('the keyboard', () => {
  const grid = gridOf(heatmap(20, 10, [[7, 3, 9]]));
  const key = (name: string, shiftKey = false, ctrlKey = false) => ({ key: name, shiftKey, ctrlKey, metaKey: false });

  it('begins at the fullest cell, moves by cells and far, and stays within', () => {
    const start = firstCursor(grid);
    expect(start.at).toEqual({ column: 7, row: 3 });
    expect(moveCursor(grid, start, key('ArrowUp'))?.at).toEqual({ column: 7, row: 4 });
    expect(moveCursor(grid, start, key('ArrowRight', false, true))?.at).toEqual({ column: 17, row: 3 });
    expect(moveCursor(grid, start, key('PageDown'))?.at).toEqual({ column: 7, row: 0 });
    expect(moveCursor(grid, start, key('End'))?.at).toEqual({ column: 19, row: 3 });
    expect(moveCursor(grid, start, key('x'))).toBeUndefined();
    expect(moveCursor(grid, start, key('constructor'))).toBeUndefined();
  });

  it('grows a box with Shift and lets it go without', () => {
    let cursor = moveCursor(grid, firstCursor(grid), key('ArrowUp', true))!;
    cursor = moveCursor(grid, cursor, key('ArrowRight', true))!;
    expect(cursorBox(cursor)).toEqual({ from: { column: 7, row: 3 }, to: { column: 8, row: 4 } });
    expect(moveCursor(grid, cursor, key('ArrowRight'))!.anchor).toBeUndefined();
    expect(heldCursor(gridOf(heatmap(5, 2)), cursor).at).toEqual({ column: 4, row: 1 });
  });
});
