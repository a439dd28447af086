/**
 * `npm run soak [-- --minutes 60] [--rate 10000] [--retention-size 512MiB]`: the server in a process of its own under steady load
 * and short retention. A JSON line for each look at it and one for each figure; exit code 1 if one is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figure } from '#e2e/bench/result.ts';
import { startServer } from '#e2e/server-process.ts';
import { memoryGrowth, type SoakPlan, soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '10000' },
    'retention-size': { type: 'string', default: '512MiB' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'throughline-soak-'));
const flags = ['--retention-size', values['retention-size']];
const server = await startServer({ dataDir: join(folder, 'data'), flags });
try {
  const endS = Number(values.minutes) * 60;
  const plan: SoakPlan = { spansPerS: Number(values.rate), isOver: elapsedS => elapsedS >= endS };
  const result = await soak(server, plan, sample => console.log(JSON.stringify(sample)));
  const most = Math.max(...result.samples.map(({ residentMb }) => residentMb));
  const figures = [
    figure('memory of the full store, last third of first third', memoryGrowth(result.samples), '×', { atMost: 1.1 }),
    figure('most resident memory', most, 'MB', { atMost: 1_500 }),
    figure('acknowledged traces that were not whole', result.lost.length, 'traces', { atMost: 0 }),
    figure('spans unaccounted for', Math.abs(result.received - result.accountedFor), 'spans', { atMost: 0 }),
    figure('requests told to come back', result.refused, 'requests', { atMost: 0 }),
  ];
  for (const each of figures) console.log(JSON.stringify(each));
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
