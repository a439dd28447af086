import { type ReactNode, useMemo } from 'react';
import { SourcesContext } from '#state/source-context.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Logo } from '#views/shared/Logo.tsx';
import { withFiles } from './sources.ts';
import { useBoot } from './use-boot.ts';

/** Gives every page its sources. Until they are known: the bar, and what went wrong. */
export function Boot({ children }: { children: ReactNode }) {
  const { sources, error, retry } = useBoot();
  const all = useMemo(() => sources && withFiles(sources), [sources]);
  if (all !== undefined) return <SourcesContext value={all}>{children}</SourcesContext>;
  return (
    <div className="app">
      <header className="top">
        <span className="brand">
          <Logo />
          <span className="brand-name">Throughline</span>
        </span>
      </header>
      <main>{error !== null && <ErrorState error={error} onRetry={retry} />}</main>
    </div>
  );
}
