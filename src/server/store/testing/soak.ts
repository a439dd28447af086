import { openStore } from '#server/store/store.ts';
import { makeTempDir, removeDir } from './open-core.ts';
import { manySpans } from './spans.ts';

// `npm run soak [-- <minutes>]`: steady ingest with short retention by size. Prints memory, sizes and the slowest answer each ten
// seconds; exit code 1 if a request was refused, the counters disagree or memory keeps growing.

const minutes = Number(process.argv[2] ?? 60);
const SPANS = 500;
const PAUSE_MS = 50;
const REPORT_MS = 10_000;
const MIB = 1024 * 1024;
const maxBytes = 256 * MIB;

const dir = makeTempDir();
const opened = await openStore({
  dataDir: dir,
  retentionMs: 3_600_000,
  baggageKeys: [],
  maxBytes,
  onNotice: text => console.log(text),
});
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
const endMs = performance.now() + minutes * 60_000;
let [sent, refused, slowestMs, nextReportMs] = [0, 0, 0, performance.now() + REPORT_MS];
const memory: number[] = [];

while (performance.now() < endMs) {
  const began = performance.now();
  const result = await store.ingest(manySpans((++sent).toString(16).padStart(32, '0'), SPANS), 'protobuf');
  slowestMs = Math.max(slowestMs, performance.now() - began);
  if (result.kind !== 'stored') refused++;
  if (performance.now() > nextReportMs) {
    nextReportMs += REPORT_MS;
    memory.push(process.memoryUsage.rss() / MIB);
    const { databaseBytes, walBytes, segments } = store.metrics();
    const sizes = `database ${Math.round(databaseBytes / MIB)} MiB, log ${Math.round(walBytes / MIB)} MiB`;
    console.log(
      `${sent * SPANS} spans, RSS ${Math.round(memory.at(-1) ?? 0)} MiB, ${sizes}, ${segments} segments, slowest ${Math.round(slowestMs)} ms`,
    );
    slowestMs = 0;
  }
  await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
}

const { spansReceived, spansCommitted, spansRejected } = store.metrics();
const rejected = Object.values(spansRejected).reduce((a, b) => a + b, 0);
await store.close();
removeDir(dir);
const half = memory.length >> 1;
const growth = mean(memory.slice(half)) / mean(memory.slice(half >> 1, half));
console.log(`${refused} refused, memory of the second half ${growth.toFixed(2)} times that of the quarter before`);
process.exitCode = refused === 0 && spansReceived === spansCommitted + rejected && !(growth > 1.25) ? 0 : 1;

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
