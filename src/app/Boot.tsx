import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo } from 'react';
import { createServerApi } from '#sources/server-api-client.ts';
import { beginWork } from '#state/idle.ts';
import { configQuery } from '#state/queries.ts';
import { SourcesContext } from '#state/source-context.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { basePath } from './base-path.ts';
import { Logo } from './Logo.tsx';
import { createSources } from './sources.ts';

const server = createServerApi(basePath());
/** Work from the first line on: the page is not idle before it has been drawn once. */
const endBoot = beginWork();

/** Fetches the configuration, then gives every page its sources. Until then: the bar, and what went wrong. */
export function Boot({ children }: { children: ReactNode }) {
  const config = useQuery(configQuery(server));
  const sources = useMemo(
    () => config.data && { all: createSources(config.data, basePath()), server, config: config.data },
    [config.data],
  );
  const isSettled = sources !== undefined || config.isError;
  useEffect(() => {
    if (isSettled) endBoot();
  }, [isSettled]);
  if (sources) return <SourcesContext value={sources}>{children}</SourcesContext>;
  return (
    <div className="app">
      <header className="top">
        <span className="brand">
          <Logo />
          <span className="brand-name">Throughline</span>
        </span>
      </header>
      <main>{config.isError && <ErrorState error={config.error} onRetry={() => void config.refetch()} />}</main>
    </div>
  );
}
