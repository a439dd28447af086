import { useState } from 'react';
import { exactDurationText, offsetText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import type { SpanDetail } from '#domain/trace/span-details.ts';
import type { Attribute, TraceTable } from '#domain/trace/trace-table.ts';
import { valueText } from '#domain/trace/value-text.ts';
import { Button } from '#views/shared/Button.tsx';
import { AttributeList } from './AttributeList.tsx';
import { StackTrace } from './StackTrace.tsx';

const PAGE = 50;

/** Events in order of time, each with its offset from the span's start; exceptions with their stack. */
export function EventList({
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
  const [shown, setShown] = useState(PAGE);
  const first = table.events.offset[row];
  const wanted = needle.toLowerCase();
  const order = events
    .map((event, i) => ({
      ...event,
      i,
      name: table.strings.at(table.events.name[first + i]),
      ns: table.events.timeNs[first + i],
    }))
    .filter(event => wanted === '' || matches(event.name, event.attributes, wanted))
    .sort((a, b) => a.ns - b.ns || a.i - b.i);
  return (
    <>
      <ol className="ev-list">
        {order.slice(0, shown).map(event => (
          <EventItem key={event.i} table={table} row={row} {...event} />
        ))}
      </ol>
      {order.length === 0 && <div className="dr-none">None of {formatCount(events.length)} match</div>}
      {order.length > shown && (
        <Button kind="quiet" className="at-more" onClick={() => setShown(shown + PAGE * 4)}>
          Show more ({formatCount(order.length - shown)})
        </Button>
      )}
    </>
  );
}

function EventItem({
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
  const exception = textOf(attributes, 'exception.type') ?? textOf(attributes, 'exception.message');
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
          <bdi>{visibleText(name === '' ? '(no name)' : name)}</bdi>{' '}
          {exception !== undefined ? (
            <bdi className="err">
              {visibleText(
                [textOf(attributes, 'exception.type'), textOf(attributes, 'exception.message')]
                  .filter(Boolean)
                  .join(': '),
              )}
            </bdi>
          ) : (
            !open && <bdi className="mut">{visibleText(preview(rest))}</bdi>
          )}
        </button>
        {droppedAttributes > 0 && (
          <span className="tag wf-warn">{formatCount(droppedAttributes)} attributes dropped</span>
        )}
        {stack !== undefined && <StackTrace text={stack} />}
        {open && <AttributeList attributes={rest} scope="event" needle="" />}
      </div>
    </li>
  );
}

function preview(attributes: readonly Attribute[]): string {
  return attributes
    .slice(0, 4)
    .map(({ key, value }) => `${key} ${valueText(value).slice(0, 80)}`)
    .join(', ');
}

function textOf(attributes: readonly Attribute[], key: string): string | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value;
  return value?.type === 'string' && value.value !== '' ? value.value : undefined;
}

function matches(name: string, attributes: readonly Attribute[], wanted: string): boolean {
  return (
    name.toLowerCase().includes(wanted) ||
    attributes.some(
      ({ key, value }) => key.toLowerCase().includes(wanted) || valueText(value).toLowerCase().includes(wanted),
    )
  );
}
