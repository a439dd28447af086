import type { DuckDBConnection } from '@duckdb/node-api';
import duckdb, { type PendingResult } from '@duckdb/node-bindings';

const LOOK_AGAIN_MS = 1;
/** DuckDB's own thread may have begun something longer meanwhile: then a thread of ours does it. */
const PATIENCE_MS = 20;

/**
 * Commits the transaction of the connection. Rejects with DuckDB's reason. A thread that asks DuckDB for a result looks for it
 * in a loop without a pause while DuckDB's own thread has the work, and on few cores it takes the time from that: where nothing
 * else occupies DuckDB (`isAlone`), we look now and then instead.
 */
export async function commitTransaction(connection: DuckDBConnection, isAlone: boolean): Promise<void> {
  const pending = await connection.start('commit');
  if (isAlone) {
    // Not part of the API above the bindings, which would do the work on this thread to learn how it stands.
    const { pending_result } = pending as unknown as { readonly pending_result: PendingResult };
    const deadline = performance.now() + PATIENCE_MS;
    while (!isFinished(pending_result) && performance.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
  await pending.getResult();
}

/** Also when it failed. */
function isFinished(pending: PendingResult): boolean {
  return duckdb.pending_execution_is_finished(duckdb.pending_execute_check_state(pending));
}
