import { resolveColour } from '#views/shared/colours.ts';

/** Colours between an edge without errors and one with 12 % and more. */
export const HEAT_STEPS = 9;
const WORST_SHARE = 0.12;

/** Design tokens as colours that a canvas understands, for one theme. */
export interface GraphPalette {
  readonly ground: string;
  readonly card: string;
  readonly border: string;
  readonly accent: string;
  readonly halo: string;
  readonly track: string;
  readonly ink: string;
  readonly ink2: string;
  readonly errorInk: string;
  readonly error: string;
  readonly slower: string;
  readonly slowerInk: string;
  readonly surface: string;
  readonly warn: string;
  readonly leaf: string;
  /** Edges by share of errors. */
  readonly edges: readonly string[];
  readonly serviceColour: (service: string) => string;
  readonly fontFamily: string;
}

/** The colour of an edge: up to 1 % grey, from 12 % on red, between by the root of the share. */
export function heatStep(errors: number, calls: number): number {
  const share = calls === 0 ? 0 : errors / calls;
  return share <= 0.01 ? 0 : Math.round(Math.min(1, Math.sqrt(share / WORST_SHARE)) * (HEAT_STEPS - 1));
}

/** Reads the tokens as they are in effect; call again when the theme changes. */
export function readPalette(fontFamily: string, serviceColour: (service: string) => string): GraphPalette {
  const colour = resolveColour;
  const services = new Map<string, string>();
  return {
    ground: colour('var(--sunk)'),
    card: colour('var(--raised)'),
    border: colour('var(--line-strong)'),
    accent: colour('var(--accent)'),
    halo: colour('color-mix(in oklab, var(--accent) 24%, transparent)'),
    track: colour('var(--n-4)'),
    ink: colour('var(--ink)'),
    ink2: colour('var(--ink-2)'),
    errorInk: colour('var(--error-ink)'),
    error: colour('var(--error)'),
    slower: colour('var(--slower)'),
    slowerInk: colour('var(--slower-ink)'),
    surface: colour('var(--surface)'),
    warn: colour('var(--warn)'),
    leaf: colour('var(--glyph)'),
    edges: Array.from({ length: HEAT_STEPS }, (_, step) =>
      colour(`color-mix(in oklab, var(--error) ${(step / (HEAT_STEPS - 1)) * 100}%, var(--edge))`),
    ),
    serviceColour: service => {
      let known = services.get(service);
      if (known === undefined) {
        known = colour(serviceColour(service));
        services.set(service, known);
      }
      return known;
    },
    fontFamily,
  };
}
