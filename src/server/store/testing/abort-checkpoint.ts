import { ingest, openCore, select } from './open-core.ts';
import { manySpans } from './spans.ts';

// Run as a process of its own: `<data dir> <point>`. Stores 200 spans and dies in a checkpoint that is cut off at that point.

const [dataDir, point] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const { core, clock } = await openCore(dataDir, { isConfigurable: true }, die);
for (let i = 1; i <= 10; i++) await ingest(core, manySpans(i.toString(16).padStart(32, '0'), 20));
await select(core, `set debug_checkpoint_abort = '${point}'`);
clock.nowMs += 11 * 60_000;
await core.maintain();
die();
