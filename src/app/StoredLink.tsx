import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { isStoredId } from '#domain/api/pin-api.ts';
import { describeError } from '#state/describe-error.ts';
import { storedStateQuery } from '#state/queries.ts';
import { STORED_KEY, unfoldedSearch } from '#state/share/stored-link.ts';
import { useSources } from '#state/source-context.ts';
import { stringifySearch } from '#state/url/codecs.ts';
import { useNavigation } from '#state/url/navigation.ts';
import { useReplaceAddress } from '#state/url/use-replace-address.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';

/** The page, once a link that only names its state has been unfolded: until then nothing is asked for. */
export function StoredLink({ children }: { children: ReactNode }) {
  const { params } = useNavigation().usePlace();
  const id = params[STORED_KEY];
  return id === undefined ? children : <Unfolding key={id} id={id} />;
}

function Unfolding({ id }: { id: string }) {
  const { server } = useSources();
  const { pathname, params } = useNavigation().usePlace();
  const replace = useReplaceAddress();
  const { data, error, refetch } = useQuery({ ...storedStateQuery(server, id), enabled: isStoredId(id) });
  useEffect(() => {
    if (data !== undefined) replace(`${pathname}${unfoldedSearch(params, data.text)}`);
  }, [data, pathname, params, replace]);
  const { [STORED_KEY]: _, ...beside } = params;
  const isUnknown = !isStoredId(id) || (error !== null && describeError(error).kind === 'not-found');
  if (isUnknown) return <Unknown id={id} onOpen={() => replace(`${pathname}${stringifySearch(beside)}`)} />;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <p className="state sec" role="status">
      Opening the link
    </p>
  );
}

function Unknown({ id, onOpen }: { id: string; onOpen: () => void }) {
  return (
    <EmptyState
      title="What this link stands for is not stored here"
      actions={
        <button type="button" className="btn primary" onClick={onOpen}>
          Open the page without it
        </button>
      }
    >
      The link names the view <span className="mono">{id}</span>, which was too long for an address. This server has no
      such view: it forgets them 400 days after they were shared last, or the link belongs to another Throughline.
    </EmptyState>
  );
}
