import type { ReactNode } from 'react';
import { adjustmentOf, receivedTable } from '#domain/analysis/clock-adjustment.ts';
import { exactDurationText, offsetText } from '#domain/format/duration.ts';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import { type SpanId, spanIdOf } from '#domain/ids.ts';
import type { FilterField } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { kindName, statusName } from '#domain/trace/enum-names.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import { NO_SERVICE } from '#domain/trace/span-names.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { useZone } from '#state/use-store.ts';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { FilterActs } from './FilterActs.tsx';
import { SpanButton } from './LinkList.tsx';
import { LongText } from './LongText.tsx';
import { hasRemoteParent } from './remote-parent.ts';
import { useFieldLinks, useMissingLinks } from './use-filter-links.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const MOST_NAME = 300;

/** The span itself: service, operation, kind, status, ids, exact times. */
export function SpanIds({
  model,
  row,
  exactKind,
  exactStatus,
  onSelect,
}: {
  model: WaterfallModel;
  row: number;
  exactKind: number;
  exactStatus: number;
  onSelect: Select;
}) {
  const { table } = model;
  const zone = useZone();
  const spanId = spanIdOf(table.spanId[row]);
  const parent = table.parentSpanId[row];
  const parentId = parent === 0n ? undefined : spanIdOf(parent);
  // Also while clocks are adjusted on screen: what is copied from here was received.
  const { baseUnixNano, startNs } = receivedTable(table);
  const startUnixNano = baseUnixNano + BigInt(Math.round(startNs[row]));
  const start = formatInstant(startUnixNano, zone, 'exact');
  const movedNs = adjustmentOf(table)?.movedNs[row] ?? 0;
  const traceState = table.strings.at(table.traceState[row]);
  const service = serviceOf(table, row);
  const name = table.strings.at(table.name[row]);
  const status = statusName(exactStatus);
  return (
    <dl className="at-list ids">
      {service === '' ? (
        <MissingService />
      ) : (
        <FieldLine name="service" field={{ kind: 'service' }} value={{ type: 'string', value: service }}>
          {visibleText(cutEnd(service, MOST_NAME))}
        </FieldLine>
      )}
      <FieldLine name="operation" field={{ kind: 'operation' }} value={{ type: 'string', value: name }}>
        <LongText text={name} />
      </FieldLine>
      <FieldLine name="kind" field={{ kind: 'kind' }} value={{ type: 'keyword', value: kindName(exactKind) }}>
        {kindName(exactKind)}
      </FieldLine>
      <FieldLine name="status" field={{ kind: 'status' }} value={{ type: 'keyword', value: status }}>
        {status}
      </FieldLine>
      <Line name="start" copy={String(startUnixNano)} tip={start}>
        {start}
      </Line>
      {movedNs !== 0 && (
        <Line name="moved">
          {offsetText(movedNs)} on screen, <span className="mut">{exactDurationText(movedNs)}</span>
        </Line>
      )}
      <Line name="trace id" copy={table.traceId}>
        <span className="mono t11">{table.traceId}</span>
      </Line>
      <Line name="span id" copy={spanId}>
        <span className="mono t11">{spanId}</span>
      </Line>
      {parentId !== undefined && (
        <Line name="parent id" copy={parentId}>
          <ParentId
            model={model}
            parentId={parentId}
            isRemote={hasRemoteParent(table, row) === true}
            onSelect={onSelect}
          />
        </Line>
      )}
      {traceState !== '' && (
        <Line name="trace state" copy={traceState}>
          <LongText text={traceState} />
        </Line>
      )}
      <Line name="flags">{describeFlags(table, row)}</Line>
    </dl>
  );
}

function ParentId({
  model,
  parentId,
  isRemote,
  onSelect,
}: {
  model: WaterfallModel;
  parentId: SpanId;
  isRemote: boolean;
  onSelect: Select;
}) {
  const row = rowOfSpan(model.table, parentId);
  return (
    <>
      <span className="mono t11">{parentId}</span>
      {row < 0 ? (
        <span className="tag wf-warn">{isRemote ? 'remote parent, not received' : 'not received'}</span>
      ) : (
        <SpanButton model={model} row={row} onSelect={onSelect} />
      )}
    </>
  );
}

function MissingService() {
  const links = useMissingLinks({ kind: 'service' });
  return (
    <div className="at">
      <dt>service</dt>
      <dd>
        <span className="mut">{NO_SERVICE}</span>
        <span className="acts">
          <FilterActs links={links} what="spans that name no service" />
        </span>
      </dd>
    </div>
  );
}

function FieldLine({
  name,
  field,
  value,
  children,
}: {
  name: string;
  field: FilterField;
  value: TagValue;
  children: ReactNode;
}) {
  const links = useFieldLinks(field, value);
  return (
    <div className="at">
      <dt>{name}</dt>
      <dd>
        <bdi className="ell">{children}</bdi>
        <span className="acts">
          <FilterActs links={links} what={`this ${name}`} />
          <CopyButton text={value.value} label={`Copy the ${name}`} />
        </span>
      </dd>
    </div>
  );
}

function Line({ name, copy, tip, children }: { name: string; copy?: string; tip?: string; children: ReactNode }) {
  return (
    <div className="at">
      <dt>{name}</dt>
      <dd>
        <span className="ell at-line" data-tip={tip}>
          {children}
        </span>
        {copy !== undefined && (
          <span className="acts">
            <CopyButton text={copy} label={`Copy the ${name}`} />
          </span>
        )}
      </dd>
    </div>
  );
}

function describeFlags(table: TraceTable, row: number): string {
  const sampled = (table.w3cFlags[row] & 1) === 1 ? 'sampled' : 'not sampled';
  const isRemote = hasRemoteParent(table, row);
  return isRemote === undefined ? sampled : `${sampled}, parent in ${isRemote ? 'another' : 'the same'} process`;
}
