import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '#domain/result.ts';
import { DirectoryLock } from './open/directory-lock.ts';
import type { FromWorker, WorkerSettings } from './protocol.ts';
import { StoreClient } from './store-client.ts';
import type { Store, StoreOpenError, StoreOptions, UnopenedStore } from './store-types.ts';

export type {
  Histogram,
  IngestOptions,
  IngestResult,
  Readiness,
  Store,
  StoreMetrics,
  StoreOpenError,
  StoreOptions,
  TraceParts,
  UnopenedStore,
} from './store-types.ts';
export { QueryStopped } from './store-types.ts';

const GIB = 1024 ** 3;
const QUEUE_BYTES = 64 * 1024 * 1024;
const HEAP_MB = 2048;

/** Opens (or creates) the store of `options.dataDir`; resolves when it is ready for reads and writes. */
export async function openStore(options: StoreOptions): Promise<Result<Store, StoreOpenError>> {
  const taken = takeStore(options);
  if (!taken.ok) return taken;
  const opened = await taken.value.open();
  if (opened.ok) return taken;
  await taken.value.close();
  return opened;
}

/**
 * Locks `options.dataDir`, whose database is then opened by `open`, in a worker thread: replaying a long log takes seconds.
 * Files are for this user only: the umask of the process becomes 077.
 */
export function takeStore(options: StoreOptions): Result<UnopenedStore, StoreOpenError> {
  process.umask(0o077);
  const locked = DirectoryLock.take(options.dataDir);
  if (!locked.ok) return locked;
  const settings: WorkerSettings = {
    dataDir: options.dataDir,
    retentionMs: options.retentionMs,
    maxBytes: options.maxBytes,
    baggageKeys: options.baggageKeys,
    minFreeDiskBytes: options.minFreeDiskBytes ?? GIB,
    pinsMaxBytes: options.pinsMaxBytes,
    compaction: options.compaction ?? true,
    memoryLimit: options.memoryLimit ?? '750MB',
  };
  const { onNotice = ignore, onState = ignore, onCompacted = ignore, onLogTail = ignore } = options;
  const startThread = () => startWorker(settings, { onNotice, onState, onLogTail });
  const queueBytes = options.queueBytes ?? QUEUE_BYTES;
  const client = { dataDir: options.dataDir, queueBytes, onNotice, onState, onCompacted, onLogTail, startThread };
  return ok(new StoreClient(locked.value, client));
}

const ignore = () => undefined;

/** What the thread may say before it is open. */
type Listeners = Required<Pick<StoreOptions, 'onNotice' | 'onState' | 'onLogTail'>>;

async function startWorker(settings: WorkerSettings, listeners: Listeners): Promise<Result<Worker, StoreOpenError>> {
  const worker = new Worker(workerUrl(), { workerData: settings, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  const refused = await firstAnswer(worker, listeners);
  if (refused === undefined) return ok(worker);
  await worker.terminate();
  return err(refused);
}

/** The worker stands beside this module: as source when Node runs the sources, as `store-worker.js` in the package. */
function workerUrl(): URL {
  const entry = import.meta.url.endsWith('.ts') ? 'store-worker.ts' : 'store-worker.js';
  return new URL(entry, import.meta.url);
}

/** undefined once the store is open. */
function firstAnswer(worker: Worker, { onNotice, onState, onLogTail }: Listeners): Promise<StoreOpenError | undefined> {
  return new Promise(resolve => {
    const settle = (error: StoreOpenError | undefined) => {
      // Without a name it would also remove the listeners by which Node itself delivers messages.
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      resolve(error);
    };
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'notice') onNotice(message.text);
      else if (message.type === 'state') onState(message.state, message.reason);
      else if (message.type === 'log-tail') onLogTail(message.bytes);
      else if (message.type === 'refused') settle(message.error);
      else if (message.type === 'opened') settle(undefined);
    });
    const failed = (what: unknown) =>
      settle({
        cause: 'damaged',
        message: `the store's thread failed to start: ${what}`,
        remedy: 'reinstall throughline',
      });
    worker.on('error', failed);
    worker.on('exit', code => failed(`exit code ${code}`));
  });
}
