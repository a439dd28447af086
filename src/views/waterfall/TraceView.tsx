import { traceLine } from '#domain/analysis/trace-markdown.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { useAction } from '#state/commands/actions.ts';
import { announce } from '#state/session-store.ts';
import { useShareSubject } from '#state/share/share-subject.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useUrlText } from '#state/url/use-url-text.ts';
import type { YoungTrace } from '#state/use-open-trace.ts';
import { useZone } from '#state/use-store.ts';
import { copyText } from '#views/shared/CopyButton.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { ClockNote } from './ClockNote.tsx';
import { Findings } from './Findings.tsx';
import { loadMarkdown } from './load-markdown.ts';
import { PinBanner } from './PinBanner.tsx';
import { SpanDrawer } from './SpanDrawer.tsx';
import { useStore } from './store.ts';
import { traceSummary } from './summary.ts';
import { TraceHeader } from './TraceHeader.tsx';
import { TraceTools } from './TraceTools.tsx';
import { useCameraUrl } from './use-camera-url.ts';
import { type Clocks, useClocks } from './use-clocks.ts';
import { useLinkCommands } from './use-links.ts';
import { useMarkUrl } from './use-mark-url.ts';
import { useModel } from './use-model.ts';
import { useModelCommands } from './use-model-commands.ts';
import { useSelection } from './use-selection.ts';
import { useViewUrl } from './use-view-url.ts';
import { Waterfall } from './Waterfall.tsx';
import type { WaterfallModel } from './waterfall-model.ts';

/** A trace that has arrived. `young` while its spans may still be arriving. */
export function TraceView({ table, young }: { table: TraceTable; young: YoungTrace | undefined }) {
  const { shown, clocks } = useClocks(table);
  return <OpenedTrace model={useModel(shown)} clocks={clocks} young={young} />;
}

/** Header, findings, waterfall, details. */
function OpenedTrace({
  model,
  clocks,
  young,
}: {
  model: WaterfallModel;
  clocks: Clocks;
  young: YoungTrace | undefined;
}) {
  const { table } = model;
  const { span } = useUrl();
  const go = useGo();
  const zone = useZone();
  const selectedRow = useStore(model.store, state => state.selectedRow);
  const { select, close } = useSelection(model);
  useCameraUrl(model);
  useViewUrl(model);
  useMarkUrl(model);
  // Here and not in the drawer, which is another one for each span.
  const [look, setLook] = useUrlText('look');

  useModelCommands(model, select);
  useLinkCommands(model);
  useAction('waterfall.details', () => {
    const { focused, selectedRow: row } = model.store.get();
    if (row >= 0) close();
    else if (focused >= 0) select(focused);
  });
  useAction('waterfall.back', () => {
    if (model.store.get().brush !== undefined) model.store.set({ brush: undefined });
    else if (model.store.get().selectedRow >= 0) close();
    else go({ page: { name: 'explore' } }, 'push');
  });
  useAction('waterfall.adjust-clocks', () => clocks.adjust(!clocks.adjusted), model.skew.row.length > 0);
  useAction('waterfall.copy-trace-id', async () => {
    announce((await copyText(table.traceId)) ? 'Trace id copied' : 'The browser did not allow copying');
  });
  useAction('waterfall.copy-summary', async () => {
    announce((await copyText(traceSummary(model, zone))) ? 'Summary copied' : 'The browser did not allow copying');
  });
  useAction('waterfall.copy-markdown', async () => {
    const text = await loadMarkdown(table, zone);
    announce((await copyText(text)) ? 'Summary copied as Markdown' : 'The browser did not allow copying');
  });

  useShareSubject(() => ({ ...traceLine(table, zone), table }));

  const missingSpan = span !== undefined && selectedRow < 0 && rowOfSpan(table, span) < 0;
  return (
    <div className="tr">
      <TraceHeader model={model} young={young} />
      <PinBanner />
      <Findings model={model} onSelect={select} />
      <ClockNote model={model} clocks={clocks} />
      {table.partial !== undefined && (
        <div className="note warn" role="status">
          <Icon name="warn" className="s14" />
          <span>
            <b>Partial.</b> {table.partial}
          </span>
        </div>
      )}
      {missingSpan && (
        <div className="note warn" role="status">
          Span <span className="mono">{span}</span> of the link is not in this trace.
        </div>
      )}
      <TraceTools model={model} clocks={clocks} onSelect={select} />
      <div className="tr-main">
        <Waterfall model={model} onSelect={select} />
        {selectedRow >= 0 && (
          <SpanDrawer
            key={selectedRow}
            model={model}
            row={selectedRow}
            look={look}
            onLook={setLook}
            onClose={close}
            onSelect={select}
          />
        )}
      </div>
    </div>
  );
}
