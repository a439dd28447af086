import { Fragment, useMemo, useRef } from 'react';
import { Icon } from '#views/shared/Icon.tsx';
import { type Finding, findingsOf } from './findings.ts';
import { entryOfGroupWith } from './shape.ts';
import { useStore } from './store.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** What is worth knowing about the trace: sentences; a press leads to the first of their spans, again to the next. */
export function Findings({ model, onSelect }: { model: WaterfallModel; onSelect: (row: number) => void }) {
  const path = useStore(model.store, state => state.path);
  const retry = useStore(model.store, state => state.retry);
  const findings = useMemo(() => findingsOf(model, path, retry), [model, path, retry]);
  const visit = useVisits(model, onSelect);
  if (findings.length === 0) return null;
  return (
    <section className="tr-findings" aria-label="Findings">
      <span className="tr-findings-head">Findings</span>
      <ul>
        {findings.map(each => (
          <li key={each.id}>
            {each.entries === undefined ? (
              <span className="tr-finding" data-tip={each.detail}>
                <Sentence {...each} />
              </span>
            ) : (
              <button type="button" className="tr-finding" data-tip={each.detail} onClick={() => visit(each)}>
                <Sentence {...each} />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
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

/** Goes to the first entry of a finding, then to the next, round the end. */
function useVisits(model: WaterfallModel, onSelect: (row: number) => void): (finding: Finding) => void {
  const last = useRef<{ id: string; entries: ArrayLike<number>; at: number }>(undefined);
  return finding => {
    const same = last.current?.id === finding.id ? last.current : undefined;
    const entries = same?.entries ?? finding.entries?.() ?? [];
    if (entries.length === 0) return;
    const at = same === undefined ? 0 : (same.at + 1) % entries.length;
    const row = entries[at];
    // The group first, then what is in it, one by one.
    const group = finding.icon === 'repeats' && same === undefined ? entryOfGroupWith(model.shape, row) : undefined;
    const entry = group ?? row;
    last.current = { id: finding.id, entries, at: group === undefined ? at : -1 };
    model.jumpTo(entry);
    if (entry >= 0) onSelect(entry);
  };
}
