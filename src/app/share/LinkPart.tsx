import { useState } from 'react';
import { MAX_NAME_LENGTH, MAX_NOTE_LENGTH } from '#domain/api/pin-api.ts';
import { formatCount } from '#domain/format/number.ts';
import { markdownShare, slackShare } from '#domain/share/share-text.ts';
import { choose } from '#state/prefs-store.ts';
import type { ShareSubject } from '#state/share/share-subject.ts';
import { useShareLink } from '#state/share/use-share-link.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { usePrefs } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { copyText } from '#views/shared/CopyButton.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { EXPIRIES } from '#views/shared/pins/expiries.ts';
import { KeptFor } from './KeptFor.tsx';

type Form = 'link' | 'markdown' | 'slack';

const FORMS: readonly { readonly form: Form; readonly text: string; readonly name: string }[] = [
  { form: 'markdown', text: 'Markdown', name: 'Copy as Markdown' },
  { form: 'slack', text: 'For Slack', name: 'Copy as text for Slack' },
  { form: 'link', text: 'Copy link', name: 'Copy link' },
];

/** A link to what is on screen, with or without a copy of the trace that stays. */
export function LinkPart({ state, words }: { state: UrlState; words: ShareSubject }) {
  const link = useShareLink(state, words.table);
  const name = usePrefs(prefs => prefs.name ?? '');
  const [by, setBy] = useState(name);
  const [note, setNote] = useState('');
  const [days, setDays] = useState<number>();
  const [copied, setCopied] = useState<Form>();
  const [shown, setShown] = useState<string>();
  const copy = async (form: Form) => {
    setCopied(undefined);
    if (link.isPinning && by.trim() !== name) choose({ name: by.trim() });
    const expires = days === undefined ? {} : { expiresUnixMs: Date.now() + days * 86_400_000 };
    const url = await link.make({ note: note.trim(), by: by.trim(), ...expires });
    if (url === undefined) return;
    setShown(url);
    const all = { title: words.title, facts: words.facts, url };
    const text = form === 'link' ? url : form === 'markdown' ? markdownShare(all) : slackShare(all);
    if (await copyText(text)) setCopied(form);
  };
  return (
    <>
      {link.canPin && words.table && (
        <>
          <div className="share-row">
            <label htmlFor="share-pin">Pin</label>
            <span className="share-line">
              <input
                id="share-pin"
                type="checkbox"
                role="switch"
                aria-checked={link.isPinning}
                className="switch"
                checked={link.isPinning}
                onChange={event => link.setPinning(event.currentTarget.checked)}
              />
              <span>
                {link.isPinning ? (
                  <>
                    Keeps a copy of {formatCount(words.table.length)} {words.table.length === 1 ? 'span' : 'spans'}.
                    Works after retention, for anyone who may open it.
                  </>
                ) : (
                  <KeptFor table={words.table} />
                )}
              </span>
            </span>
          </div>
          {link.isPinning && (
            <>
              <div className="share-row">
                <label htmlFor="share-note">Note</label>
                <span className="field">
                  <input
                    id="share-note"
                    maxLength={MAX_NOTE_LENGTH}
                    placeholder="What is to be seen here"
                    value={note}
                    onChange={event => setNote(event.target.value)}
                  />
                </span>
              </div>
              <div className="share-row">
                <label htmlFor="share-by">Your name</label>
                <span className="share-line">
                  <span className="field">
                    <input
                      id="share-by"
                      maxLength={MAX_NAME_LENGTH}
                      placeholder="Nobody is named"
                      autoComplete="name"
                      value={by}
                      onChange={event => setBy(event.target.value)}
                    />
                  </span>
                  <span className="mut">kept in this browser for the next pin</span>
                </span>
              </div>
              <div className="share-row">
                <label htmlFor="share-until">Expires</label>
                <span className="share-line">
                  <select
                    id="share-until"
                    className="btn"
                    value={days ?? ''}
                    onChange={event => setDays(event.target.value === '' ? undefined : Number(event.target.value))}
                  >
                    {EXPIRIES.map(each => (
                      <option key={each.text} value={each.days ?? ''}>
                        {each.text}
                      </option>
                    ))}
                  </select>
                  <span className="mut">can be removed at any time</span>
                </span>
              </div>
            </>
          )}
        </>
      )}
      {link.isOfPin && <p className="share-row-text sec">The link opens the pinned copy, as you see it now.</p>}
      {link.error !== undefined && (
        <p className="note error share-note" role="alert">
          <Icon name="warn" className="s14 err" />
          <span>{link.error}.</span>
        </p>
      )}
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
      <p className="vh" role="status">
        {copied !== undefined && 'Copied'}
        {copied === undefined && shown !== undefined && 'The link is in the field; the browser did not allow copying'}
      </p>
    </>
  );
}
