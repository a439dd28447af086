import type { ServerConfig } from '#domain/api/server-api.ts';
import { createTempoSource } from '#sources/tempo/tempo-source.ts';
import type { TraceSource } from '#sources/trace-source.ts';
import { beginWork } from '#state/idle.ts';

/** The back ends that the server is configured with, in its order. `base` ends in a slash. */
export function createSources(config: ServerConfig, base: string): readonly TraceSource[] {
  return config.sources.map(source =>
    createTempoSource({ config: source, base, baggageKeys: config.baggageKeys, onWork: beginWork }),
  );
}
