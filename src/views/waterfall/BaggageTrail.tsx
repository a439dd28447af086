import { useCallback } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { NO_SERVICE } from '#domain/trace/span-names.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import { baggageTrail } from './baggage.ts';
import { traceFacts } from './facts.ts';
import { useAsync } from './use-async.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const MOST_NAMES = 3;

/** Where the first baggage key of a span was set, how far it got, and where it was lost. */
export function BaggageTrail({ model, attributes }: { model: WaterfallModel; attributes: readonly Attribute[] }) {
  const { table } = model;
  const key = attributes[0].key;
  const column = useAsync(useCallback(() => table.details.column(key), [table, key]));
  if (column.state !== 'done') return null;
  const trail = baggageTrail(table, column.value);
  if (trail === undefined) return null;
  const lost = trail.lostBefore.slice(0, MOST_NAMES).map(nameOf).join(', ');
  const more = trail.lostBefore.length - MOST_NAMES;
  return (
    <p className="dr-note">
      {attributes.length > 1 && `${visibleText(key)}: `}set in {nameOf(trail.setIn)}, seen in{' '}
      {formatCount(trail.seenIn.length)} of {formatCount(traceFacts(table).serviceCount)} services
      {lost !== '' && (
        <>
          , <span className="wrn">lost before {lost}</span>
          {more > 0 && ` and ${formatCount(more)} more`}
        </>
      )}
    </p>
  );
}

function nameOf(service: string): string {
  return service === '' ? NO_SERVICE : visibleText(service);
}
