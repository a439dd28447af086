import { resolveColour } from '#views/shared/colours.ts';
import { STEPS } from './draw-heatmap.ts';

/** Design tokens as colours that a canvas understands, for one theme. */
export interface LatencyPalette {
  /** From few to many, even steps to the eye. */
  readonly steps: readonly string[];
  readonly error: string;
  readonly profile: string;
  readonly grid: string;
  readonly axis: string;
  readonly rateFill: string;
  readonly rateLine: string;
  /** p50, p95, p99: the rarer, the darker. */
  readonly quantiles: readonly [string, string, string];
  readonly marker: string;
}

/** Reads the tokens as they are in effect; call again when the theme changes. */
export function readPalette(): LatencyPalette {
  const colour = resolveColour;
  return {
    steps: Array.from({ length: STEPS }, (_, step) => colour(`var(--heat-${step})`)),
    error: colour('var(--error)'),
    profile: colour('var(--n-5)'),
    grid: colour('var(--grid)'),
    axis: colour('var(--line-strong)'),
    rateFill: colour('var(--n-4)'),
    rateLine: colour('var(--ink-3)'),
    quantiles: [colour('var(--glyph)'), colour('var(--ink-2)'), colour('var(--ink)')],
    marker: colour('var(--ink-2)'),
  };
}
