/** Preloaded by every shop process: it ends when its parent says so (SIGTERM) or is gone, not by the terminal's Ctrl-C. */
import { setTimeout as wait } from 'node:timers/promises';

process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit(1));

const STOP_DEADLINE_MS = 6_000;
/** Without a receiver the exporter would go on trying. */
const FINISH_DEADLINE_MS = 2_000;

/** On SIGTERM waits until `idle` holds, then finishes and exits. */
export function stopWhen(idle: () => boolean, finish: () => Promise<void> = async () => {}): void {
  process.once('SIGTERM', async () => {
    const deadline = performance.now() + STOP_DEADLINE_MS;
    while (!idle() && performance.now() < deadline) await wait(20);
    await Promise.race([finish(), wait(FINISH_DEADLINE_MS)]).catch(error =>
      console.error(`last spans are lost: ${error}`),
    );
    process.exit(0);
  });
}
