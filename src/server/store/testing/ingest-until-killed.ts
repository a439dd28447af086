import { DirectoryLock } from '#server/store/open/directory-lock.ts';
import { StoreCore } from '#server/store/store-core.ts';
import { manySpans } from './spans.ts';

// Run as a process of its own: `<data dir> <first number>`. Prints the number of each request once it is acknowledged. Its
// clock runs fast and its segments are short, so that a kill may meet a checkpoint or a change of segments.

const CLOCK_SPEED = 3_000;
const YEAR_MS = 365 * 86_400_000;

const [dataDir, first] = process.argv.slice(2);
const lock = DirectoryLock.take(dataDir);
if (!lock.ok) throw new Error(lock.error.message);
const startMs = Date.now();
const opened = await StoreCore.open({
  settings: {
    dataDir,
    retentionMs: 10 * YEAR_MS,
    baggageKeys: [],
    minFreeDiskBytes: 0,
    memoryLimit: '256MB',
    maxSegmentSpans: 2_000,
  },
  events: {
    notice: text => process.stderr.write(`${text}\n`),
    committed: () => undefined,
    checkpointed: () => undefined,
    compacted: () => undefined,
    state: () => undefined,
    deduped: () => undefined,
  },
  nowMs: () => startMs + (Date.now() - startMs) * CLOCK_SPEED,
});
if (!opened.ok) throw new Error(opened.error.message);
const core = opened.value;
let next = Number(first);

async function sender(): Promise<void> {
  while (true) {
    const number = next++;
    const body = manySpans(number.toString(16).padStart(32, '0'), 20);
    const request = { body, encoding: 'protobuf', sample: false, shiftToEndAtUnixNano: undefined } as const;
    const { result } = await core.ingest(request);
    if (result.kind === 'stored') process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, sender));
