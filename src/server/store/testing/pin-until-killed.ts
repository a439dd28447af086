import type { Pin, PinAnswer } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { Result } from '#domain/result.ts';
import { DirectoryLock } from '#server/store/open/directory-lock.ts';
import { StoreCore } from '#server/store/store-core.ts';
import { pinOf } from './pins.ts';
import { manySpans } from './spans.ts';

// Run as a process of its own: `<data dir> <first number>`. Sends traces, pins each of them, removes every fourth pin, and
// prints `kept <id> <number>` or `gone <id> <number>` once that is answered. Retention is an hour, of which ten pass in a
// second, so that a kill may meet the move of pinned traces out of a segment that is dropped.

const CLOCK_SPEED = 36_000;
const HOUR_MS = 3_600_000;

const [dataDir, first] = process.argv.slice(2);
const lock = DirectoryLock.take(dataDir);
if (!lock.ok) throw new Error(lock.error.message);
const startMs = Date.now();
const nothing = () => undefined;
const opened = await StoreCore.open({
  settings: {
    dataDir,
    retentionMs: HOUR_MS,
    baggageKeys: [],
    minFreeDiskBytes: 0,
    memoryLimit: '256MB',
    maxSegmentSpans: 1_000,
  },
  events: {
    notice: text => process.stderr.write(`${text}\n`),
    committed: nothing,
    checkpointed: nothing,
    compacted: nothing,
    state: nothing,
    deduped: nothing,
  },
  nowMs: () => startMs + (Date.now() - startMs) * CLOCK_SPEED,
});
if (!opened.ok) throw new Error(opened.error.message);
const core = opened.value;
let next = Number(first);

async function sender(): Promise<void> {
  while (true) {
    const number = next++;
    const traceId = number.toString(16).padStart(32, '0') as TraceId;
    await core.ingest({
      body: manySpans(traceId, 20),
      encoding: 'protobuf',
      sample: false,
      shiftToEndAtUnixNano: undefined,
    });
    if (number % 10 === 0) await core.maintain();
    const pinned = (await core.pins(number, pinOf(traceId))) as Result<Pin, unknown>;
    if (!pinned.ok) continue;
    const { id } = pinned.value;
    process.stdout.write(`kept ${id} ${number}\n`);
    if (number % 4 !== 0) continue;
    const removed = (await core.pins(number, { do: 'remove', pin: id })) as PinAnswer;
    if (removed.state === 'gone') process.stdout.write(`gone ${id} ${number}\n`);
  }
}

await Promise.all(Array.from({ length: 4 }, sender));
