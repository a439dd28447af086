import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode, Suspense, useLayoutEffect } from 'react';
import { beginWork } from '#state/idle.ts';

/** A component whose code is fetched when it is first drawn; it stands within a `LazyPart`. */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(() => {
    const done = beginWork();
    return load()
      .then(component => ({ default: component }))
      .finally(done);
  });
}

/**
 * Shows `fallback` until the code of its children is there. The page does not count as idle until they are drawn: React
 * holds back for a while what it has shown a fallback for.
 */
export function LazyPart({ fallback, children }: { fallback?: ReactNode; children: ReactNode }) {
  return (
    <Suspense
      fallback={
        <>
          <Working />
          {fallback}
        </>
      }
    >
      {children}
    </Suspense>
  );
}

function Working(): undefined {
  useLayoutEffect(() => beginWork(), []);
}
