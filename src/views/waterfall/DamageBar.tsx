import { useMemo } from 'react';
import { Icon } from '#views/shared/Icon.tsx';
import { damageOf } from './damage.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** What is wrong with the trace as it was received: one badge per kind, each leads to its spans one after another. */
export function DamageBar({ model }: { model: WaterfallModel }) {
  const damage = useMemo(() => damageOf(model.shape), [model]);
  if (damage.length === 0) return null;
  return (
    <section className="tr-damage" aria-label="Findings">
      <span>Findings</span>
      {damage.map(each =>
        each.next === undefined ? (
          <span key={each.id} data-tip={each.detail}>
            <Icon name="warn" className="s14" />
            <span>
              <b>{each.count}</b> {each.text}
            </span>
          </span>
        ) : (
          <button
            key={each.id}
            type="button"
            data-tip={each.detail}
            onClick={() => {
              const { focused } = model.store.get();
              const from = focused >= 0 ? focused : (model.shape.gaps.firstRow[~focused] ?? -1);
              const entry = each.next?.(from);
              if (entry !== undefined) model.jumpTo(entry);
            }}
          >
            <Icon name={each.id === 'missing-parent' ? 'broken' : 'warn'} className="s14" />
            <span>
              <b>{each.count}</b> {each.text}
            </span>
          </button>
        ),
      )}
    </section>
  );
}
