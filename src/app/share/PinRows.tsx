import { MAX_NAME_LENGTH, MAX_NOTE_LENGTH } from '#domain/api/pin-api.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { PinDraft, ShareLink } from '#state/share/use-share-link.ts';
import { EXPIRIES } from '#views/shared/pins/expiries.ts';
import { PinSwitch } from './PinSwitch.tsx';

/** Whether the trace is pinned with the link, and what is written to the pin. */
export function PinRows({
  table,
  link,
  draft,
  onDraft,
}: {
  table: TraceTable;
  link: ShareLink;
  draft: PinDraft;
  onDraft: (draft: PinDraft) => void;
}) {
  return (
    <>
      <PinSwitch table={table} link={link} />
      {link.isPinning && (
        <>
          <div className="share-row">
            <label htmlFor="share-note">Note</label>
            <span className="field">
              <input
                id="share-note"
                maxLength={MAX_NOTE_LENGTH}
                placeholder="What is to be seen here"
                value={draft.note}
                onChange={event => onDraft({ ...draft, note: event.target.value })}
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
                  value={draft.by}
                  onChange={event => onDraft({ ...draft, by: event.target.value })}
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
                value={draft.days ?? ''}
                onChange={event => onDraft({ ...draft, days: Number(event.target.value) || undefined })}
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
  );
}
