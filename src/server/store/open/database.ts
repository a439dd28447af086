import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { backupDir, databasePath } from './paths.ts';

/** Queries that may run at once. */
const QUERY_CONNECTIONS = 2;

/** What of the store's settings concerns DuckDB. */
export interface DatabaseOptions {
  readonly dataDir: string;
  readonly memoryLimit: string;
  /** For tests that injure DuckDB: its settings can then be changed by SQL. */
  readonly isConfigurable?: boolean;
}

/**
 * The DuckDB instance with its connections: one that writes, two for queries, one for reads that must not wait for those,
 * one for compaction.
 */
export class Database {
  readonly write: DuckDBConnection;
  readonly readers: readonly DuckDBConnection[];
  readonly pointReader: DuckDBConnection;
  readonly compaction: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  #isOpen = true;

  private constructor(instance: DuckDBInstance, connections: readonly DuckDBConnection[]) {
    this.#instance = instance;
    [this.write, this.pointReader, this.compaction, ...this.readers] = connections as [
      DuckDBConnection,
      DuckDBConnection,
      DuckDBConnection,
    ];
  }

  /** Rejects with DuckDB's message, for example about a damaged write-ahead log. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const instance = await DuckDBInstance.create(databasePath(options.dataDir), settings(options));
    await lockDown(instance, options);
    const connections: DuckDBConnection[] = [];
    for (let i = 0; i < 3 + QUERY_CONNECTIONS; i++) connections.push(await instance.connect());
    return new Database(instance, connections);
  }

  /** A further connection; whoever asked for it closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const connection of [this.write, this.pointReader, this.compaction, ...this.readers]) connection.closeSync();
    this.#instance.closeSync();
  }
}

/** No checkpoint but our own, no extensions. */
function settings({ dataDir, memoryLimit }: DatabaseOptions): Record<string, string> {
  return {
    threads: '2',
    memory_limit: memoryLimit,
    temp_directory: join(dataDir, 'spill'),
    max_temp_directory_size: '10GB',
    preserve_insertion_order: 'true',
    checkpoint_threshold: '8GB',
    storage_compatibility_version: 'v1.5.0',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  };
}

/** No way out to files but backups, nor to the network, and no way to change that by SQL. A list can only be set by SQL. */
async function lockDown(instance: DuckDBInstance, { dataDir, isConfigurable = false }: DatabaseOptions): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run(`set allowed_directories = ['${backupDir(dataDir).replaceAll("'", "''")}']`);
    await connection.run('set enable_external_access = false');
    if (!isConfigurable) await connection.run('set lock_configuration = true');
  } finally {
    connection.closeSync();
  }
}
