import { useLayoutEffect, useRef } from 'react';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import { drawRibbon, RIBBON_HEIGHT, type RibbonColours } from './draw-ribbon.ts';
import { layoutRibbon, ribbonSentence } from './ribbon-layout.ts';
import type { RibbonScale } from './ribbon-scale.ts';

/** The shape of one trace of known length. Without its ribbon the length alone is drawn, so that nothing moves when it comes. */
export function RibbonPicture({
  ribbon,
  failed,
  durationNs,
  scale,
  colours,
}: {
  ribbon: Ribbon | undefined;
  failed: boolean;
  durationNs: number;
  scale: RibbonScale;
  colours: RibbonColours;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(scale.width * ratio);
    element.height = Math.round(RIBBON_HEIGHT * ratio);
    context.scale(ratio, ratio);
    drawRibbon(context, layoutRibbon(ribbon, durationNs, scale), scale, colours, ribbon === undefined);
  }, [ribbon, durationNs, scale, colours]);

  const sentence = ribbon
    ? ribbonSentence(ribbon)
    : failed
      ? 'The trace could not be read for its shape'
      : 'Reading the shape of the trace';
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={sentence}
      data-tip={sentence}
      style={{ width: scale.width, height: RIBBON_HEIGHT }}
    />
  );
}
