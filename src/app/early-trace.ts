import type { QueryClient } from '@tanstack/react-query';
import type { RouterHistory } from '@tanstack/react-router';
import type { Sources } from '#state/source-context.ts';
import { parseSearch, parseUrl } from '#state/url/codecs.ts';
import { beginTrace } from '#state/use-open-trace.ts';

/**
 * Asks for each trace the moment that its address is gone to: otherwise nobody does until its page has been rendered.
 * Traces of files, which are no source of `sources`, are left to their page.
 */
export function beginTracesEarly(
  { history, options }: { readonly history: RouterHistory; readonly options: { readonly basepath?: string } },
  queries: QueryClient,
  sources: Sources,
): void {
  const base = (options.basepath ?? '/').replace(/\/$/, '');
  let before: string | undefined;
  const begin = ({ pathname, search }: { readonly pathname: string; readonly search: string }): void => {
    // Zooming, selecting and finding change the rest of the address.
    if (pathname === before) return;
    before = pathname;
    const url = parseUrl(pathname.slice(base.length), parseSearch(search));
    if (url.src === '' || sources.all.some(({ id }) => id === url.src)) beginTrace(queries, sources, url);
  };
  history.subscribe(({ location }) => begin(location));
  begin(history.location);
}
