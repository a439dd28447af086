import { DuckDBConnection } from '@duckdb/node-api';
import { openCore } from './open-core.ts';

// Run as a process of its own: `<data dir> <n>`. Compacts what is closed and dies at the n-th statement of that.

const [dataDir, n] = process.argv.slice(2);
const { core } = await openCore(dataDir, { compaction: true });
const run = DuckDBConnection.prototype.run;
let left = Number(n);
DuckDBConnection.prototype.run = async function (this: DuckDBConnection, ...args) {
  if (left-- === 1) process.kill(process.pid, 'SIGKILL');
  return await run.apply(this, args);
};
await core.compact();
await core.close();
