import { durationText, offsetText } from '#domain/format/duration.ts';
import { timeToX } from './camera.ts';
import { useStore } from './store.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** The stretch of time that the reader marked: frame and label. */
export function TimelineBrush({ model }: { model: WaterfallModel }) {
  const brush = useStore(model.store, state => state.brush);
  const camera = useStore(model.store, state => state.camera);
  const width = useStore(model.store, state => state.widthPx);
  if (brush === undefined) return null;
  const x0 = Math.max(-4, timeToX(camera, width, brush.fromNs));
  const x1 = Math.min(width + 4, timeToX(camera, width, brush.toNs));
  if (x1 < 0 || x0 > width) return null;
  return (
    <div className="wf-brush" style={{ transform: `translateX(${x0}px)`, width: x1 - x0 }}>
      <span className={x0 > width / 2 ? 'left' : ''}>
        <b>{durationText(brush.toNs - brush.fromNs)}</b> {offsetText(brush.fromNs)} – {offsetText(brush.toNs)}
        <span className="mut"> z zooms, Esc clears</span>
      </span>
    </div>
  );
}
