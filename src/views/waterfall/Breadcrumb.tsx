import { ROW_HEIGHT } from './layout.ts';
import { operationName, serviceName } from './names.ts';
import { useStore } from './store.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const MOST_STEPS = 4;

/** What the first row on screen lies below, so that a reader deep in a long trace knows where that is. */
export function Breadcrumb({ model }: { model: WaterfallModel }) {
  const first = useStore(model.store, state => {
    const index = Math.ceil(state.topPx / ROW_HEIGHT);
    return index > 0 && index < state.rows.count ? state.rows.entry[index] : -1;
  });
  if (first < 0) return null;
  const above: number[] = [];
  for (let row = model.table.parent[first]; row >= 0 && above.length <= MOST_STEPS; row = model.table.parent[row]) {
    above.unshift(row);
  }
  if (above.length === 0) return null;
  const cut = above.length > MOST_STEPS;
  return (
    <nav className="tr-crumbs" aria-label="Rows above the first on screen">
      {cut && <span className="mut">…</span>}
      {(cut ? above.slice(1) : above).map(row => (
        <button
          key={row}
          type="button"
          className="ell"
          onClick={() => model.jumpTo(row)}
          data-tip={`${serviceName(model.shape, row)} ${operationName(model.shape, row)}`}
        >
          <bdi>{operationName(model.shape, row)}</bdi>
        </button>
      ))}
    </nav>
  );
}
