import { formatCount } from '#domain/format/number.ts';
import { formatRange } from '#domain/time/clock.ts';
import { useAction } from '#state/commands/actions.ts';
import { useServiceGraph } from '#state/graph/use-service-graph.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { PanelFrame } from '#views/shared/panel/PanelFrame.tsx';
import { PanelWait } from '#views/shared/panel/PanelWait.tsx';
import { ShownTable } from './ShownTable.tsx';
import { Stage } from './Stage.tsx';
import { saveEdges } from './table-data.ts';
import { useShownGraph } from './use-shown-graph.ts';
import './graph.css';

const HEIGHT_PX = 306;

/** What calls what, in a frame of another page. */
export function ServiceGraphPanel() {
  const source = useSource();
  const state = useServiceGraph();
  const shown = useShownGraph(state.reading);
  const { pick, view, focus } = useUrl();
  const go = useGo();
  const zone = useZone();
  const { fromMs, toMs, nowMs } = useResolvedRange();
  useAction('graph.clear', () => go({ pick: undefined }, 'push'), pick !== undefined);
  const { reading, error } = state;
  const isEmpty = reading !== undefined && reading.graph.nodes.name.length === 0 && reading.done === reading.total;
  return (
    <PanelFrame
      title={
        focus === undefined ? (
          <span className="strong">Service graph</span>
        ) : (
          <>
            <bdi className="strong ell">Around {'service' in focus.node ? focus.node.service : focus.node.peer}</bdi>
            <span className="mut nw">{focus.hops === 1 ? '1 hop' : `${focus.hops} hops`}</span>
          </>
        )
      }
      facts={
        shown && (
          <>
            <span>{formatCount(shown.picture.nodes.length)} nodes</span>
            <span className="pn-more">width: calls a second, colour: errors, ring: failed share</span>
          </>
        )
      }
      when={formatRange(Math.floor(fromMs / 1000) * 1000, Math.floor(toMs / 1000) * 1000, zone, nowMs)}
      heightPx={HEIGHT_PX}
    >
      {source.graph === undefined ? (
        <EmptyState title={`${source.name} cannot tell what calls what`} />
      ) : error !== null && reading === undefined ? (
        <ErrorState error={error} onRetry={state.retry} />
      ) : reading === undefined || shown === undefined ? (
        <PanelWait text="Counting calls" />
      ) : isEmpty ? (
        <EmptyState title="No calls in this range">
          A call is a span whose parent belongs to another service, or one that names a database, a queue or a host.
        </EmptyState>
      ) : view === 'table' ? (
        <ShownTable reading={reading} shown={shown} />
      ) : (
        <Stage shown={shown} sought={undefined} isOutdated={state.isOutdated} onCsv={() => saveEdges(reading, shown)} />
      )}
    </PanelFrame>
  );
}
