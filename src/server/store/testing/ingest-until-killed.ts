import { openStore } from '#server/store/store.ts';
import { manySpans } from './spans.ts';

// Run as a process of its own: `<data dir> <first number>`. Prints the number of each request once it is acknowledged.

const [dataDir, first] = process.argv.slice(2);
const opened = await openStore({
  dataDir,
  retentionMs: 3_600_000,
  baggageKeys: [],
  minFreeDiskBytes: 0,
  memoryLimit: '256MB',
});
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
let next = Number(first);

async function sender(): Promise<void> {
  while (true) {
    const number = next++;
    const result = await store.ingest(manySpans(number.toString(16).padStart(32, '0'), 20), 'protobuf');
    if (result.kind === 'stored') process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, sender));
