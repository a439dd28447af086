import { formatPercent } from '#domain/format/number.ts';
import { Button, IconButton } from '#views/shared/Button.tsx';
import type { CameraControl } from './use-camera.ts';

/** − 100 % + and fit; the figure goes back to 100 %. */
export function ZoomControls({ control, step, onFit }: { control: CameraControl; step: number; onFit: () => void }) {
  const { k } = control.camera;
  return (
    <div className="sg-zoom">
      {/* biome-ignore lint/a11y/useSemanticElements: three controls in one frame */}
      <div className="btn-group" role="group" aria-label="Zoom">
        <Button
          className="icon"
          aria-label="Zoom out"
          data-tip="Zoom out"
          data-tip-keys="-"
          onClick={() => control.zoomBy(1 / step)}
        >
          −
        </Button>
        <Button className="sg-percent" data-tip="Back to 100 %" onClick={() => control.zoomBy(1 / k)}>
          {formatPercent(k)}
        </Button>
        <IconButton icon="plus" label="Zoom in" keys="+" onClick={() => control.zoomBy(step)} />
      </div>
      <IconButton icon="fit" label="Whole graph" keys="0" onClick={onFit} />
    </div>
  );
}
