import { useLayoutEffect, useRef } from 'react';
import { beginWork } from '#state/idle.ts';
import { sizedContext } from '#views/shared/sized-context.ts';
import { draw } from './draw.ts';
import type { Scene } from './scene.ts';

/** The drawing, at most once a frame. What it shows is said by the element around it. */
export function GraphCanvas({ scene }: { scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const done = beginWork();
    const frame = requestAnimationFrame(() => {
      const context = canvas.current && sizedContext(canvas.current, scene.width, scene.height);
      if (context) draw(context, scene);
      done();
    });
    return () => {
      cancelAnimationFrame(frame);
      done();
    };
  }, [scene]);
  return <canvas ref={canvas} style={{ width: scene.width, height: scene.height }} />;
}
