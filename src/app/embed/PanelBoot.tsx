import type { ReactNode } from 'react';
import { NoSource } from '#app/NoSource.tsx';
import { useBoot } from '#app/use-boot.ts';
import { SourcesContext } from '#state/source-context.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { PanelWait } from '#views/shared/panel/PanelWait.tsx';

/** Gives the panel its sources. Until they are known: what is waited for, and what went wrong. */
export function PanelBoot({ children }: { children: ReactNode }) {
  const { sources, error, retry } = useBoot();
  if (sources !== undefined && sources.all.length > 0) {
    return <SourcesContext value={sources}>{children}</SourcesContext>;
  }
  if (error !== null) return <ErrorState error={error} onRetry={retry} />;
  return sources === undefined ? <PanelWait text="Loading" /> : <NoSource />;
}
