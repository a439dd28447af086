import type { ServerConfig } from '#domain/api/server-api.ts';
import { createTempoSource } from '#sources/tempo/tempo-source.ts';
import type { TraceSource } from '#sources/trace-source.ts';
import { beginWork } from '#state/idle.ts';

/**
 * The back ends that are configured, in their order. `base` ends in a slash; it is empty where sources are named by whole
 * addresses.
 */
export function createSources(config: ServerConfig, base: string): readonly TraceSource[] {
  return config.sources.map(source =>
    createTempoSource({ config: source, base, baggageKeys: config.baggageKeys, onWork: beginWork }),
  );
}
