import { EmptyState } from '#views/shared/EmptyState.tsx';

/** The address names no panel. */
export function NoSuchPanel() {
  return (
    <EmptyState title="There is no such panel">
      There are /embed/trace/&lt;id&gt;, /embed/search, /embed/heatmap and /embed/graph.
    </EmptyState>
  );
}
