const MIB = 1024 * 1024;
const WAL_WHEN_IDLE = 256 * MIB;
const WAL_AT_MOST = 1024 * MIB;
const IDLE_MS = 2_000;
const MAX_AGE_MS = 10 * 60_000;
/** Free space that must remain beside room for twice the log. */
const SPARE_BYTES = 1024 * MIB;

/**
 * Whether to checkpoint now: it stalls commits for a second or two, so it waits for a pause unless the log grows long (a long
 * log is what a damaged tail loses, and what a restart must replay).
 */
export function isCheckpointDue(state: {
  readonly walBytes: number;
  readonly idleMs: number;
  readonly sinceLastMs: number;
  readonly diskFreeBytes: number;
}): boolean {
  const { walBytes, idleMs, sinceLastMs, diskFreeBytes } = state;
  if (walBytes === 0 || diskFreeBytes < checkpointSpace(walBytes)) return false;
  if (walBytes > WAL_AT_MOST || sinceLastMs > MAX_AGE_MS) return true;
  return walBytes > WAL_WHEN_IDLE && idleMs > IDLE_MS;
}

/** Free disk that a checkpoint of a log of `walBytes` asks for. */
export function checkpointSpace(walBytes: number): number {
  return 2 * walBytes + SPARE_BYTES;
}
