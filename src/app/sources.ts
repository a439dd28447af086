import type { ServerConfig } from '#domain/api/server-api.ts';
import { FileClient } from '#sources/file/file-client.ts';
import { createFileSource } from '#sources/file/file-source.ts';
import { startFileWorker } from '#sources/start-worker.ts';
import { createTempoSource } from '#sources/tempo/tempo-source.ts';
import type { TraceSource } from '#sources/trace-source.ts';
import { beginWork } from '#state/idle.ts';
import type { Sources } from '#state/source-context.ts';

/** What can be opened from files beside these sources. Its worker starts with the first file. */
export function withFiles(sources: Sources): Sources {
  const files = new FileClient(startFileWorker, sources.config.baggageKeys);
  return { ...sources, all: [...sources.all, createFileSource({ client: files, onWork: beginWork })], files };
}

/**
 * The back ends that are configured, in their order. `base` ends in a slash; it is empty where sources are named by whole
 * addresses.
 */
export function createSources(config: ServerConfig, base: string): readonly TraceSource[] {
  return config.sources.map(source =>
    createTempoSource({ config: source, base, baggageKeys: config.baggageKeys, onWork: beginWork }),
  );
}
