import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startServer } from './server-process.ts';
import { memoryGrowth, type SoakSample, soak } from './soak/soak.ts';

test('a full store that drops its oldest keeps all it acknowledged, and its memory within bounds', async () => {
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'throughline-soak-'));
  const server = await startServer({ dataDir: join(folder, 'data'), flags: ['--retention-size', '12MiB'] });
  try {
    const result = await soak(server, { spansPerS: 3_000, isOver: (_, samples) => samples.at(-1)?.isFull === true });
    const { samples, lost, refused, spans, received, accountedFor } = result;
    expect(lost).toEqual([]);
    expect(refused).toBe(0);
    expect(accountedFor).toBe(received);
    expect(received).toBe(spans);
    expect(Math.max(...samples.map(({ residentMb }) => residentMb))).toBeLessThan(1_500);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('growth is told of the time in which the store was full', () => {
  const sample = (residentMb: number, isFull: boolean) => ({ residentMb, isFull }) as SoakSample;
  const growing = [100, 900].map(mb => sample(mb, false));
  const full = [400, 410, 390, 500, 380, 420].map(mb => sample(mb, true));
  expect(memoryGrowth([...growing, ...full])).toBeCloseTo(400 / 405);
  expect(memoryGrowth(growing)).toBeNaN();
});
