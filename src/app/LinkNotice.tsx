import { type ReactNode, useEffect, useState } from 'react';
import { parseRange } from '#domain/time/range.ts';
import { sessionStore } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { type ReadLink, useReadLink } from '#state/url/use-url.ts';
import { CURRENT_VERSION, versionOf } from '#state/url/versions.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';

/** What a link says that could not be shown; stays until it is dismissed or another page is opened. */
export function LinkNotice() {
  const link = useReadLink();
  const sources = useSources();
  const source = useSource();
  const [told, setTold] = useState<readonly Sentence[]>([]);
  const { page, src, pin } = link.state;
  // A pin is read from this server, whatever its source was.
  const isNoSource = src !== '' && pin === '' && sources.all.every(({ id }) => id !== src);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each address
  useEffect(() => {
    const found = problems(link);
    if (isNoSource) found.push(noSource(src, source.name));
    if (found.length > 0) setTold(found);
  }, [link.href]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page's name decides
  useEffect(() => () => setTold([]), [page.name]);
  if (told.length === 0) return null;
  return (
    <div className="note info link-notice" role="status">
      <Icon name="warn" className="s14" />
      <span className="grow">
        {told.map(({ id, text }) => (
          <span key={id}>{text} </span>
        ))}
      </span>
      <IconButton kind="quiet" icon="close" label="Dismiss" onClick={() => setTold([])} />
    </div>
  );
}

interface Sentence {
  readonly id: string;
  readonly text: ReactNode;
}

function problems({ state, left, cut, params }: ReadLink): Sentence[] {
  const found: Sentence[] = [];
  const version = versionOf(params);
  if (version > CURRENT_VERSION) {
    const text = `The link was written by a newer Throughline (version ${version} of links); what this one does not know was left out.`;
    found.push({ id: 'version', text });
  }
  if (left.length > 0) {
    const rest = left.length === 1 ? ' could not be read and was left out.' : ' could not be read and were left out.';
    found.push({
      id: 'left',
      text: (
        <>
          The link’s {keys(left)}
          {rest}
        </>
      ),
    });
  }
  if (cut.length > 0) {
    const text = <>A part of the link’s {keys(cut)} could not be read and was left out.</>;
    found.push({ id: 'cut', text });
  }
  if (!parseRange(state.from, state.to, sessionStore.getState().nowMs).ok) {
    found.push({ id: 'range', text: 'The link’s range ends before it starts; the last hour is shown.' });
  }
  return found;
}

function noSource(src: string, shown: string): Sentence {
  const text = (
    <>
      The link names the source <code>{src}</code>, which is not configured here; {shown} is shown.
    </>
  );
  return { id: 'source', text };
}

function keys(names: readonly string[]): ReactNode {
  return names.map((name, i) => (
    <span key={name}>
      {i === 0 ? '' : i === names.length - 1 ? ' and ' : ', '}
      <code>{name}</code>
    </span>
  ));
}
