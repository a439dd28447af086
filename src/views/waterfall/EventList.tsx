import { memo, useMemo, useState } from 'react';
import { exactDurationText, offsetText } from '#domain/format/duration.ts';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import type { SpanDetail } from '#domain/trace/span-details.ts';
import type { Attribute, TraceTable } from '#domain/trace/trace-table.ts';
import { valueHead } from '#domain/trace/value-text.ts';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { AttributeList } from './AttributeList.tsx';
import { LongList } from './LongList.tsx';
import { StackTrace } from './StackTrace.tsx';
import { holdsText } from './search-text.ts';

const AT_FIRST = 30;
const ROW_PX = 22;
/** No more of a name or a message is put into the document. */
const MOST_NAME = 2_000;

/** Events in order of time, each with its offset from the span's start; exceptions with their stack. */
export const EventList = memo(function EventList({
  table,
  row,
  events,
  needle,
}: {
  table: TraceTable;
  row: number;
  events: SpanDetail['events'];
  needle: string;
}) {
  const wanted = needle.toLowerCase();
  const inOrder = useMemo(() => {
    const first = table.events.offset[row];
    return events
      .map((event, i) => ({
        ...event,
        i,
        name: table.strings.at(table.events.name[first + i]),
        ns: table.events.timeNs[first + i],
      }))
      .sort((a, b) => a.ns - b.ns || a.i - b.i);
  }, [table, row, events]);
  const found = useMemo(
    () => (wanted === '' ? inOrder : inOrder.filter(event => matches(event.name, event.attributes, wanted))),
    [inOrder, wanted],
  );
  return (
    <>
      <LongList
        items={found}
        atFirst={AT_FIRST}
        rowPx={ROW_PX}
        block={part => (
          <ol className="ev-list">
            {part.map(event => (
              <EventItem key={event.i} table={table} row={row} {...event} />
            ))}
          </ol>
        )}
      />
      {found.length === 0 && <div className="dr-none">None of {formatCount(events.length)} match</div>}
    </>
  );
});

const EventItem = memo(function EventItem({
  table,
  row,
  name,
  ns,
  attributes,
  droppedAttributes,
}: {
  table: TraceTable;
  row: number;
  name: string;
  ns: number;
  attributes: readonly Attribute[];
  droppedAttributes: number;
}) {
  const [open, setOpen] = useState(false);
  const offsetNs = ns - table.startNs[row];
  const outside = offsetNs < 0 || offsetNs > Math.max(0, table.spanDurationNs[row]);
  const [type, message] = ['exception.type', 'exception.message'].map(key => textOf(attributes, key));
  const exception = [type, message].filter(Boolean).join(': ');
  const stack = textOf(attributes, 'exception.stacktrace');
  const rest = attributes.filter(attribute => !attribute.key.startsWith('exception.'));
  return (
    <li className="ev">
      <span
        className={outside ? 'wrn' : 'mut'}
        data-tip={`${exactDurationText(offsetNs)}${outside ? (offsetNs < 0 ? ', before the span starts' : ', after the span starts and past its end') : ''}`}
      >
        {outside && <span aria-hidden="true">{offsetNs < 0 ? '◂ ' : '▸ '}</span>}
        {offsetText(offsetNs)}
        {outside && <span className="vh">{offsetNs < 0 ? ', before the span' : ', after the span'}</span>}
      </span>
      <div className="ev-body">
        <button
          type="button"
          className="ev-name"
          aria-expanded={open}
          disabled={rest.length === 0}
          onClick={() => setOpen(!open)}
        >
          <bdi>{visibleText(name === '' ? '(no name)' : cutEnd(name, MOST_NAME))}</bdi>{' '}
          {exception !== '' ? (
            <bdi className="err">{visibleText(cutEnd(exception, MOST_NAME))}</bdi>
          ) : (
            !open && <bdi className="mut">{visibleText(preview(rest))}</bdi>
          )}
        </button>
        {message !== undefined && message.length > MOST_NAME && (
          <CopyButton text={message} label="Copy the whole message">
            {`Copy all ${formatBytes(message.length)}`}
          </CopyButton>
        )}
        {droppedAttributes > 0 && (
          <span className="tag wf-warn">{formatCount(droppedAttributes)} attributes dropped</span>
        )}
        {stack !== undefined && <StackTrace text={stack} />}
        {open && <AttributeList attributes={rest} scope="event" needle="" />}
      </div>
    </li>
  );
});

function preview(attributes: readonly Attribute[]): string {
  return attributes
    .slice(0, 4)
    .map(({ key, value }) => `${cutEnd(key, 80)} ${valueHead(value, 80).text}`)
    .join(', ');
}

function textOf(attributes: readonly Attribute[], key: string): string | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value;
  return value?.type === 'string' && value.value !== '' ? value.value : undefined;
}

function matches(name: string, attributes: readonly Attribute[], wanted: string): boolean {
  return name.toLowerCase().includes(wanted) || attributes.some(attribute => holdsText(attribute, wanted));
}
