import { traceLength } from '#domain/analysis/trace-length.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { cutMiddle } from '#domain/format/text.ts';
import type { TraceId } from '#domain/ids.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { useAction } from '#state/commands/actions.ts';
import { describeError } from '#state/describe-error.ts';
import { useShows } from '#state/embed/panel-store.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useUrlText } from '#state/url/use-url-text.ts';
import { useOpenTrace } from '#state/use-open-trace.ts';
import { useZone } from '#state/use-store.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { LazyPart, lazyPart } from '#views/shared/lazy-part.tsx';
import { PanelFrame } from '#views/shared/panel/PanelFrame.tsx';
import { PanelWait } from '#views/shared/panel/PanelWait.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { useMedia } from '#views/shared/use-media.ts';
import { traceFacts } from './facts.ts';
import { ROW_HEIGHT } from './layout.ts';
import { operationName, serviceName } from './names.ts';
import { useStore } from './store.ts';
import { useCameraUrl } from './use-camera-url.ts';
import { useModel } from './use-model.ts';
import { useModelCommands } from './use-model-commands.ts';
import { useSelection } from './use-selection.ts';
import { useViewUrl } from './use-view-url.ts';
import { Waterfall } from './Waterfall.tsx';
import type { WaterfallModel } from './waterfall-model.ts';
import './waterfall.css';

const SpanDrawer = lazyPart(async () => (await import('./SpanDrawer.tsx')).SpanDrawer);

/** Few panels show a trace that is not there. */
const Absent = lazyPart(async () => (await import('./Absent.tsx')).Absent);

const EMPTY_PX = 240;
const AXIS_PX = 25;
const MAP_PX = 80;

/** The waterfall of one trace in a frame of another page. */
export function TracePanel() {
  const { page, pin } = useUrl();
  if (page.name === 'trace') return <OpenTrace key={`${page.traceId} ${pin}`} id={page.traceId} />;
  return (
    <PanelFrame title="Trace" when="" heightPx={EMPTY_PX}>
      <EmptyState title="This is not a trace id">
        A trace id has up to 32 hexadecimal digits, such as 7f3c9a1e5b2d48c0a6e4d91b03f7e91a.
      </EmptyState>
    </PanelFrame>
  );
}

function OpenTrace({ id }: { id: TraceId }) {
  const { at } = useUrl();
  const zone = useZone();
  const { table, error, retry } = useOpenTrace(id, at);
  if (table !== undefined && table.length > 0) return <OpenedTrace table={table} />;
  const when = at === undefined ? '' : formatInstant(BigInt(at.startMs) * 1_000_000n, zone, 'full');
  return (
    <PanelFrame title={<>Trace {cutMiddle(id, 13)}</>} when={when} heightPx={EMPTY_PX}>
      {error !== null ? (
        describeError(error).kind === 'not-found' ? (
          <LazyPart>
            <Absent id={id} onRetry={retry} />
          </LazyPart>
        ) : (
          <ErrorState error={error} onRetry={retry} />
        )
      ) : table === undefined ? (
        <PanelWait text="Reading the trace" />
      ) : (
        <EmptyState title="This trace has no spans" />
      )}
    </PanelFrame>
  );
}

function OpenedTrace({ table }: { table: TraceTable }) {
  return <TraceInPanel model={useModel(table)} />;
}

function TraceInPanel({ model }: { model: WaterfallModel }) {
  const { table, shape } = model;
  const zone = useZone();
  const { rootRow, errorRows, serviceCount } = traceFacts(table);
  const length = traceLength(table);
  const selectedRow = useStore(model.store, state => state.selectedRow);
  const rowCount = useStore(model.store, state => state.rows.count);
  const { select, close } = useSelection(model);
  const [wantsMap, wantsDetails] = [useShows('minimap'), useShows('details')];
  const [look, setLook] = useUrlText('look');
  const isRoomy = useMedia('(min-height: 420px) and (min-width: 560px)');
  const hasMap = wantsMap && isRoomy;
  useCameraUrl(model);
  useViewUrl(model);
  useModelCommands(model, select);
  useAction('waterfall.details', () => {
    const { focused, selectedRow: row } = model.store.get();
    if (row >= 0) close();
    else if (focused >= 0) select(focused);
  });
  useAction('waterfall.back', close, selectedRow >= 0);
  const startUnixNano = table.baseUnixNano + BigInt(Math.round(rootRow < 0 ? 0 : table.startNs[rootRow]));
  return (
    <PanelFrame
      title={
        <>
          <ServiceKey service={rootRow < 0 ? '' : serviceOf(table, rootRow)} />
          <bdi className="sec nw">{rootRow < 0 ? '' : serviceName(shape, rootRow)}</bdi>
          <bdi className="strong ell">{rootRow < 0 ? 'Trace' : operationName(shape, rootRow)}</bdi>
        </>
      }
      facts={
        <>
          <span>
            {length.isBound && 'at least '}
            <b>{durationText(length.ns)}</b>
          </span>
          <span className="pn-more">{counted(table.length, 'span')}</span>
          <span className="pn-more">{counted(serviceCount, 'service')}</span>
          {errorRows.length > 0 && <span className="err">{counted(errorRows.length, 'error')}</span>}
        </>
      }
      when={formatInstant(startUnixNano, zone, 'full')}
      heightPx={rowCount * ROW_HEIGHT + (hasMap ? MAP_PX : AXIS_PX)}
    >
      <div className="tr-main">
        <Waterfall model={model} onSelect={select} inPanel hasMap={hasMap} />
        {wantsDetails && selectedRow >= 0 && (
          <LazyPart>
            <SpanDrawer
              key={selectedRow}
              model={model}
              row={selectedRow}
              look={look}
              onLook={setLook}
              onClose={close}
              onSelect={select}
            />
          </LazyPart>
        )}
      </div>
    </PanelFrame>
  );
}

function counted(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}
