import { useState } from 'react';
import { markdownShare, slackShare } from '#domain/share/share-text.ts';
import { choose } from '#state/prefs-store.ts';
import type { ShareSubject } from '#state/share/share-subject.ts';
import type { PinDraft, ShareLink } from '#state/share/use-share-link.ts';
import { printUrl } from '#state/url/codecs.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { usePrefs } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { copyText } from '#views/shared/CopyButton.tsx';
import { PinRows } from './PinRows.tsx';
import { ShareError } from './ShareError.tsx';

type Form = 'link' | 'markdown' | 'slack';

const FORMS: readonly { readonly form: Form; readonly text: string; readonly name: string }[] = [
  { form: 'markdown', text: 'Markdown', name: 'Copy as Markdown' },
  { form: 'slack', text: 'For Slack', name: 'Copy as text for Slack' },
  { form: 'link', text: 'Copy link', name: 'Copy link' },
];

/** A link to what is on screen, with or without a copy of the trace that stays. */
export function LinkPart({ state, words, link }: { state: UrlState; words: ShareSubject; link: ShareLink }) {
  const name = usePrefs(prefs => prefs.name ?? '');
  const [draft, setDraft] = useState<PinDraft>({ note: '', by: name, days: undefined });
  const [copied, setCopied] = useState<Form>();
  const [isRefused, setRefused] = useState(false);
  const [made, setMade] = useState<{ readonly of: string; readonly url: string }>();
  // What was made before a change is not the link to what is shared now.
  const of = JSON.stringify([printUrl(state), link.isPinning, draft]);
  const shown = made?.of === of ? made.url : undefined;
  const copy = async (form: Form) => {
    setCopied(undefined);
    const by = draft.by.trim();
    if (link.isPinning && by !== name) choose({ name: by });
    const url = await link.make({ ...draft, note: draft.note.trim(), by });
    if (url === undefined) return;
    setMade({ of, url });
    const all = { title: words.title, facts: words.facts, url };
    const text = form === 'link' ? url : form === 'markdown' ? markdownShare(all) : slackShare(all);
    const isCopied = await copyText(text);
    setCopied(isCopied ? form : undefined);
    setRefused(!isCopied);
  };
  return (
    <>
      {link.canPin && words.table && <PinRows table={words.table} link={link} draft={draft} onDraft={setDraft} />}
      {link.isOfPin && <p className="share-row-text sec">The link opens the pinned copy, as you see it now.</p>}
      <ShareError error={link.error} />
      <footer>
        <span className="field mono grow">
          <input
            readOnly
            aria-label="Link"
            value={shown ?? link.preview}
            onFocus={event => event.currentTarget.select()}
          />
        </span>
        {FORMS.map(({ form, text, name: label }) => (
          <Button
            key={form}
            kind={form === 'link' ? 'primary' : 'plain'}
            icon={copied === form ? 'check' : 'copy'}
            aria-label={label}
            disabled={link.isBusy}
            onClick={() => void copy(form)}
          >
            {copied === form ? 'Copied' : text}
          </Button>
        ))}
      </footer>
      <p className={isRefused ? 'share-row-text sec' : 'vh'} role="status">
        {isRefused ? 'The browser did not allow copying: the link is in the field.' : copied !== undefined && 'Copied'}
      </p>
    </>
  );
}
