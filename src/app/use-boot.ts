import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
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

/** Asks for the configuration before anything is drawn. */
export function beginBoot(queries: QueryClient): void {
  void queries.prefetchQuery(query);
}

/** What every page is given: the sources, and the server's own API. */
export function useBoot(): Boot {
  const config = useQuery(query);
  const sources = useMemo(
    (): Sources | undefined =>
      config.data && {
        all: createSources(config.data, isStatic ? '' : basePath()),
        server,
        hasServer: !isStatic,
        config: config.data,
        files: undefined,
      },
    [config.data],
  );
  const isSettled = sources !== undefined || config.isError;
  useEffect(() => {
    if (isSettled) endBoot();
  }, [isSettled]);
  return { sources, error: config.error, retry: () => void config.refetch() };
}
