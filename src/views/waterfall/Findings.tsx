import { Fragment, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { announce } from '#state/session-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { useSize } from '#views/shared/use-size.ts';
import { type Finding, findingsOf } from './findings.ts';
import { entryOfGroupWith } from './shape.ts';
import { useStore } from './store.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** What is worth knowing about the trace: sentences; a press leads to the first of their spans, again to the next. */
export function Findings({ model, onSelect }: { model: WaterfallModel; onSelect: Select }) {
  const path = useStore(model.store, state => state.path);
  const retry = useStore(model.store, state => state.retry);
  const findings = useMemo(() => findingsOf(model, path, retry), [model, path, retry]);
  const [last, visit] = useVisits(model, onSelect);
  const list = useRef<HTMLUListElement>(null);
  const [open, setOpen] = useState(false);
  const isCut = useCut(list, open, findings, last);
  if (findings.length === 0) return null;
  return (
    <section className={`tr-findings${open ? ' open' : ''}`} aria-label="Findings">
      <span className="tr-findings-head">Findings</span>
      <ul ref={list}>
        {findings.map(each => (
          // A reader with a keyboard sees where the focus is.
          <li key={each.id} onFocus={event => isCut && event.target.matches(':focus-visible') && setOpen(true)}>
            {each.entries === undefined ? (
              <span className="tr-finding" data-tip={each.detail}>
                <Sentence {...each} />
              </span>
            ) : (
              <button type="button" className="tr-finding" data-tip={each.detail} onClick={() => visit(each)}>
                <Sentence {...each} />
                {last?.id === each.id && last.at >= 0 && last.entries.length > 1 && (
                  <span className="tag">{placeText(last)}</span>
                )}
              </button>
            )}
          </li>
        ))}
      </ul>
      {(isCut || open) && (
        <Button kind="quiet" className="tr-findings-all" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Fewer' : `All ${formatCount(findings.length)}`}
        </Button>
      )}
    </section>
  );
}

/** What is left of the last item of a line should be worth reading, px. */
const LEAST_ROOM = 96;

/**
 * Keeps a list in one line to its place: the item that reaches over the end is cut, or left out where too little of it
 * would be left. Returns whether the list is longer than its place.
 */
function useCut(list: RefObject<HTMLElement | null>, open: boolean, ...content: readonly unknown[]): boolean {
  const [isCut, setCut] = useState(false);
  const size = useSize(list);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in the list, and its width, decide
  useLayoutEffect(() => {
    if (list.current === null || open) return;
    const items = [...list.current.children] as HTMLElement[];
    for (const item of items) item.style.maxWidth = item.style.opacity = '';
    const end = list.current.getBoundingClientRect().right + 1;
    const over = items.find(item => item.getBoundingClientRect().right > end);
    setCut(over !== undefined);
    if (over === undefined) return;
    const room = end - over.getBoundingClientRect().left;
    if (room < LEAST_ROOM) over.style.opacity = '0';
    else over.style.maxWidth = `${room}px`;
    return () => {
      over.style.maxWidth = over.style.opacity = '';
    };
  }, [list, size, open, ...content]);
  return isCut;
}

function Sentence({ icon, text }: Finding) {
  const damage = icon === 'warn' || icon === 'broken' || icon === 'clock';
  return (
    <>
      <Icon name={icon === 'repeats' ? 'columns' : icon} className={`s14${damage ? ' wrn' : ''}`} />
      <bdi>
        {text.map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the place decides what a part is
          i % 2 === 1 ? <b key={i}>{part}</b> : <Fragment key={i}>{part}</Fragment>,
        )}
      </bdi>
    </>
  );
}

/** How far the reader has come through the entries of a finding. */
interface Visit {
  readonly model: WaterfallModel;
  readonly id: string;
  readonly entries: ArrayLike<number>;
  /** -1 while the group that holds them is looked at. */
  readonly at: number;
}

/** Goes to the first entry of a finding, then to the next, round the end. */
function useVisits(model: WaterfallModel, onSelect: Select): [Visit | undefined, (finding: Finding) => void] {
  const [last, setLast] = useState<Visit>();
  const visit = (finding: Finding): void => {
    // Entries belong to one load of the trace.
    const same = last?.model === model && last.id === finding.id ? last : undefined;
    const entries = same?.entries ?? finding.entries?.() ?? [];
    if (entries.length === 0) return;
    const at = same === undefined ? 0 : (same.at + 1) % entries.length;
    const row = entries[at];
    // The group first, then what is in it, one by one.
    const group = finding.icon === 'repeats' && same === undefined ? entryOfGroupWith(model.shape, row) : undefined;
    const entry = group ?? row;
    const next = { model, id: finding.id, entries, at: group === undefined ? at : -1 };
    setLast(next);
    model.jumpTo(entry);
    if (entry >= 0) onSelect(entry, finding.id);
    if (next.at >= 0 && entries.length > 1) announce(placeText(next));
  };
  return [last?.model === model ? last : undefined, visit];
}

function placeText({ at, entries }: Visit): string {
  return `${formatCount(at + 1)} of ${formatCount(entries.length)}`;
}
