import { useState } from 'react';
import { visibleText } from '#domain/format/text.ts';
import { sessionStore } from '#state/session-store.ts';
import { panelsOf } from '#state/share/embed-code.ts';
import { type ShareSubject, shareSubject } from '#state/share/share-subject.ts';
import { isRelative, sharedState } from '#state/share/shared-state.ts';
import { useSensitive } from '#state/share/use-sensitive.ts';
import { useShareLink } from '#state/share/use-share-link.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';
import { windowAround } from '#state/url/window-around.ts';
import { useZone } from '#state/use-store.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Dialog } from '#views/shared/Dialog.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { EmbedPart } from './EmbedPart.tsx';
import { LinkPart } from './LinkPart.tsx';
import { pageSubject } from './page-subject.ts';
import { SensitiveNote } from './SensitiveNote.tsx';
import { TimeRow } from './TimeRow.tsx';
import './share.css';

type Form = 'link' | 'embed';

const FORMS: readonly { readonly value: Form; readonly text: string }[] = [
  { value: 'link', text: 'Link' },
  { value: 'embed', text: 'Embed code' },
];

/** What is on screen, for others: as a link, in words, as a panel. */
export function ShareDialog({ onClose }: { onClose: () => void }) {
  const url = useUrl();
  // As it was when the dialog was opened: a young trace goes on growing.
  const [subject] = useState(shareSubject);
  const [nowMs] = useState(() => sessionStore.getState().nowMs);
  const [form, setForm] = useState<Form>('link');
  const [isAbsolute, setAbsolute] = useState(true);
  const { config } = useSources();
  const zone = useZone();
  const source = useSource();
  const found = useSensitive(url, subject?.table, config.baggageKeys);
  const state = sharedState(url, {
    isAbsolute,
    nowMs,
    traceMs: subject?.table && windowAround(subject.table.baseUnixNano, subject.table.durationNs),
  });
  const words: ShareSubject = subject ?? pageSubject(state, { nowMs, zone, sourceName: visibleText(source.name) });
  const link = useShareLink(state, words.table);
  const canEmbed = panelsOf(url).length > 0;
  return (
    <Dialog label="Share" className="share" onClose={onClose}>
      <header>
        <h2>Share</h2>
        <span className="grow" />
        {canEmbed && <Segmented label="Form" value={form} options={FORMS} onChange={setForm} />}
        <IconButton kind="quiet" icon="close" label="Close" onClick={onClose} />
      </header>
      <p className="share-subject">
        <b className="strong">
          <bdi>{words.title}</bdi>
        </b>
        {words.facts !== '' && <span className="sec">{words.facts}</span>}
      </p>
      {isRelative(url) && <TimeRow url={url} nowMs={nowMs} isAbsolute={isAbsolute} onAbsolute={setAbsolute} />}
      <SensitiveNote found={found} />
      {form === 'link' ? (
        <LinkPart state={state} words={words} link={link} />
      ) : (
        <EmbedPart state={state} words={words} link={link} />
      )}
    </Dialog>
  );
}
