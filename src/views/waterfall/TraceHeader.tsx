import { useEffect } from 'react';
import { receivedTable } from '#domain/analysis/clock-adjustment.ts';
import { traceLength } from '#domain/analysis/trace-length.ts';
import { durationText, exactDurationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { cutMiddle } from '#domain/format/text.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { act } from '#state/commands/actions.ts';
import type { YoungTrace } from '#state/use-open-trace.ts';
import { useZone } from '#state/use-store.ts';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { traceFacts } from './facts.ts';
import { operationName, serviceName } from './names.ts';
import { PinButton } from './PinButton.tsx';
import { ReadAgo } from './ReadAgo.tsx';
import { Summary } from './Summary.tsx';
import type { WaterfallModel } from './waterfall-model.ts';

/** What this trace is: root, time, size, damage to the count of errors. */
export function TraceHeader({ model, young }: { model: WaterfallModel; young: YoungTrace | undefined }) {
  const { table, shape } = model;
  const facts = traceFacts(table);
  const zone = useZone();
  const { rootRow } = facts;
  const startUnixNano = table.baseUnixNano + BigInt(Math.round(rootRow < 0 ? 0 : table.startNs[rootRow]));
  const [day, time] = splitInstant(formatInstant(startUnixNano, zone, 'full'));
  const { ns: durationNs, isBound } = traceLength(table);
  const title = rootRow < 0 ? 'Empty trace' : `${operationName(shape, rootRow)} · ${serviceName(shape, rootRow)}`;
  useEffect(() => {
    document.title = `${title} · Throughline`;
  }, [title]);
  return (
    <header className="tr-head">
      <div className="tr-head-text">
        <h1 className="tr-title">
          <ServiceKey service={rootRow < 0 ? '' : serviceOf(table, rootRow)} />
          <bdi className="sec nw">{rootRow < 0 ? '' : serviceName(shape, rootRow)}</bdi>
          <bdi className="strong ell">{rootRow < 0 ? 'Empty trace' : operationName(shape, rootRow)}</bdi>
        </h1>
        <div className="tr-meta">
          <span
            data-tip={`${exactDurationText(durationNs)}${isBound ? ', from the first span to the last: no root was received' : ''}`}
          >
            {isBound && 'at least '}
            <b>{durationText(durationNs)}</b>
          </span>
          <span data-tip={formatInstant(startUnixNano, zone, 'exact')}>
            {day} <span className="sec">{time}</span>
          </span>
          <Fact count={table.length} one="span" many="spans" />
          <Fact count={facts.serviceCount} one="service" many="services" />
          <span>
            depth <b>{formatCount(facts.levels)}</b>
          </span>
          {facts.errorRows.length > 0 ? (
            <button
              type="button"
              className="tr-errors"
              data-tip="Go to the next error"
              data-tip-keys="e"
              onClick={() => act('waterfall.next-error')}
            >
              <b>{formatCount(facts.errorRows.length)}</b> {facts.errorRows.length === 1 ? 'error' : 'errors'}
            </button>
          ) : (
            <span>no errors</span>
          )}
          {model.rootEndNs !== undefined && (
            <span className="tr-tail">
              last span ends <span className="sec">{durationText(facts.lastEndNs)}</span>
            </span>
          )}
          <span className="mono tr-id" data-tip={table.traceId}>
            {cutMiddle(table.traceId, 13)}
          </span>
          {young !== undefined && <ReadAgo {...young} />}
        </div>
      </div>
      <span className="grow" />
      <div className="tr-acts">
        <PinButton table={receivedTable(table)} />
        <Summary model={model} />
        <CopyButton text={table.traceId} label="Copy the trace id">
          Copy id
        </CopyButton>
        <ExportMenu model={model} />
      </div>
    </header>
  );
}

function Fact({ count, one, many }: { count: number; one: string; many: string }) {
  return (
    <span>
      <b>{formatCount(count)}</b> {count === 1 ? one : many}
    </span>
  );
}

function splitInstant(text: string): [string, string] {
  const at = text.indexOf(', ') + 2;
  return at < 2 ? ['', text] : [text.slice(0, at), text.slice(at)];
}
