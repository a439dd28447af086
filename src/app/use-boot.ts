import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ServerConfig } from '#domain/api/server-api.ts';
import { createServerApi } from '#sources/server-api-client.ts';
import { readStaticConfig } from '#sources/static-config.ts';
import { beginWork } from '#state/idle.ts';
import { configQuery } from '#state/queries.ts';
import type { Sources } from '#state/source-context.ts';
import { basePath } from './base-path.ts';
import { pageForm } from './page-form.ts';
import { createSources } from './sources.ts';

const isStatic = pageForm() === 'static';
const server = createServerApi(basePath());
const query = configQuery(isStatic ? { config: options => readStaticConfig(basePath(), options) } : server);
/** Work from the first line on: the page is not idle before it has been drawn once. */
const endBoot = beginWork();

export interface Boot {
  /** Undefined until the configuration is there. */
  readonly sources: Sources | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Asks for the configuration before anything is drawn. Undefined where that fails: the page asks again, and says so. */
export function beginBoot(queries: QueryClient): Promise<Sources | undefined> {
  return queries.fetchQuery(query).then(sourcesOf, () => undefined);
}

const made = new WeakMap<ServerConfig, Sources>();

/** One set for each configuration. */
function sourcesOf(config: ServerConfig): Sources {
  let sources = made.get(config);
  if (!sources) {
    const all = createSources(config, isStatic ? '' : basePath());
    sources = { all, server, hasServer: !isStatic, config, files: undefined };
    made.set(config, sources);
  }
  return sources;
}

/** What every page is given: the sources, and the server's own API. */
export function useBoot(): Boot {
  const config = useQuery(query);
  const sources = config.data && sourcesOf(config.data);
  const isSettled = sources !== undefined || config.isError;
  useEffect(() => {
    if (isSettled) endBoot();
  }, [isSettled]);
  return { sources, error: config.error, retry: () => void config.refetch() };
}
