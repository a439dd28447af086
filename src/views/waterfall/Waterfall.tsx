import { type CSSProperties, useMemo, useRef } from 'react';
import { useServiceSlots } from '#state/use-service-slots.ts';
import { usePrefs } from '#state/use-store.ts';
import { useThemeVersion } from '#views/shared/colours.ts';
import { ColumnHeads } from './ColumnHeads.tsx';
import { Legend } from './Legend.tsx';
import { ROW_HEIGHT } from './layout.ts';
import { Minimap } from './Minimap.tsx';
import { readPalette } from './palette.ts';
import { DEFAULT_TREE_WIDTH, Splitter } from './Splitter.tsx';
import { contentHeight } from './scroll-map.ts';
import { serviceSlots } from './service-slots.ts';
import { useStore } from './store.ts';
import { TimeAxis } from './TimeAxis.tsx';
import { Timeline } from './Timeline.tsx';
import { TreePane } from './TreePane.tsx';
import { useScroller } from './use-scroller.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/**
 * Tree and timeline of one trace under a common head; scrolls by rows. In a panel there is no legend, the tree is narrower,
 * and the map is a choice.
 */
export function Waterfall({
  model,
  onSelect,
  inPanel = false,
  hasMap = true,
}: {
  model: WaterfallModel;
  onSelect: Select;
  inPanel?: boolean;
  hasMap?: boolean;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const treeWidth = usePrefs(prefs => prefs.widths['waterfall.tree']) ?? DEFAULT_TREE_WIDTH;
  const knownSlots = useServiceSlots();
  const slots = useMemo(() => serviceSlots(model.table, knownSlots), [model, knownSlots]);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: tokens resolve to other colours when the theme changes
  const palette = useMemo(() => readPalette(getComputedStyle(document.body).fontFamily), [theme]);
  const rowCount = useStore(model.store, state => state.rows.count);
  const viewportPx = useStore(model.store, state => state.heightPx);
  useScroller(model, scroller);
  return (
    <section
      className={`wf ${hasMap ? '' : 'wf-no-map'}`}
      aria-label="Waterfall"
      style={{ '--tree': `min(${treeWidth}px, ${inPanel ? '38%' : 'calc(100% - 200px)'})` } as CSSProperties}
    >
      <div className="wf-head">
        <div className="wf-corner">
          {!inPanel && <Legend />}
          <ColumnHeads model={model} />
        </div>
        <div className="wf-over">
          {hasMap && <Minimap model={model} palette={palette} slots={slots} />}
          <TimeAxis model={model} palette={palette} />
        </div>
      </div>
      <div className="wf-scroller" ref={scroller}>
        <div style={{ height: contentHeight({ totalPx: rowCount * ROW_HEIGHT, viewportPx }) }}>
          <div className="wf-pane">
            <TreePane model={model} slots={slots} onSelect={onSelect} />
            <Timeline model={model} palette={palette} slots={slots} onSelect={onSelect} />
          </div>
        </div>
      </div>
      <Splitter />
    </section>
  );
}
