import type { Rect } from './hit-test.ts';
import type { Plot } from './plot.ts';

/** The reader's box: frame, corners to drag, and what lies in it. */
export function BoxFrame({
  rect,
  plot,
  count,
  text,
  isDrawing,
}: {
  rect: Rect;
  plot: Plot;
  /** Undefined where the box lies outside what is shown. */
  count: string | undefined;
  text: string;
  isDrawing: boolean;
}) {
  const isRight = rect.x > plot.left + plot.width / 2;
  const { top } = plot.rate;
  return (
    <>
      <div className="lat-band" style={{ left: rect.x, width: rect.width, top, height: plot.heat.top - top }} />
      <div
        className={`lat-box ${isDrawing ? 'drawing' : ''}`}
        style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      >
        <i className="tl" />
        <i className="tr" />
        <i className="bl" />
        <i className="br" />
        <span className={`lat-box-text ${isRight ? 'right' : ''}`}>
          <b>{count}</b> {text}
        </span>
      </div>
    </>
  );
}
