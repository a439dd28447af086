import type { SpanId, TraceId } from '#domain/ids.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import { useAction } from '#state/commands/actions.ts';
import { announce } from '#state/session-store.ts';
import { DEFAULT_URL_STATE, type UrlState } from '#state/url/url-state.ts';
import { useGo } from '#state/url/use-url.ts';
import { linksFrom, linksTo, type SpanLink } from './links.ts';
import { spanInUrl } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Links that were followed and not yet gone back from; also across traces. */
let followed = 0;

/** Where the URL goes for a link; a span of another trace opens there, without what belonged to this one. */
export function linkTarget(link: SpanLink): Partial<UrlState> {
  const { nth, find, only, folds, at, t } = DEFAULT_URL_STATE;
  const page = { name: 'trace', traceId: link.traceId as TraceId } as const;
  return { page, span: link.spanId as SpanId, nth, find, only, folds, at, t };
}

/** Offers to follow the first link of the selected or focused span (or one that leads to it), and to come back. */
export function useLinkCommands(model: WaterfallModel): void {
  const go = useGo();
  const { table } = model;
  useAction('waterfall.follow-link', () => {
    const { focused, selectedRow } = model.store.get();
    const row = selectedRow >= 0 ? selectedRow : focused;
    const link = row < 0 ? undefined : linksFrom(table, row)[0];
    const back = row < 0 ? undefined : linksTo(table, row)[0];
    if (link === undefined && back === undefined) {
      announce('This span has no links');
      return;
    }
    followed++;
    if (link !== undefined && (link.traceId !== table.traceId || rowOfSpan(table, link.spanId as SpanId) < 0)) {
      go(linkTarget(link), 'push');
      return;
    }
    go(link === undefined ? spanInUrl(table, back ?? 0) : { span: link.spanId as SpanId, nth: 1 }, 'push');
  });
  useAction('waterfall.back-link', () => {
    if (followed === 0) return;
    followed--;
    history.back();
  });
}
