import { err, type Result } from '#domain/result.ts';
import type { Store, StoreOpenError, StoreOptions } from './store-types.ts';

export type {
  Histogram,
  IngestOptions,
  IngestResult,
  QueryOptions,
  Store,
  StoreMetrics,
  StoreOpenError,
  StoreOptions,
} from './store-types.ts';
export { QueryStopped } from './store-types.ts';

/** Opens (or creates) the store of `options.dataDir` in a worker thread; resolves when it is ready for reads and writes. */
export async function openStore(options: StoreOptions): Promise<Result<Store, StoreOpenError>> {
  return err({ cause: 'unwritable', message: `cannot open ${options.dataDir}`, remedy: 'none' });
}
