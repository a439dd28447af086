import { useMemo } from 'react';
import { slotOf } from '#domain/analysis/service-colours.ts';
import { useServiceSlots } from '#state/use-service-slots.ts';
import { resolveColour, useThemeVersion } from '#views/shared/colours.ts';
import { serviceColour } from '#views/shared/service-colour.ts';
import type { RibbonColours } from './draw-ribbon.ts';

/** Colours for a canvas, resolved once per theme and slot table. */
export function useRibbonColours(): RibbonColours {
  const slots = useServiceSlots();
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the variables resolve to
  return useMemo(() => {
    const resolved = new Map<string, string>();
    const cached = (css: string) => {
      let colour = resolved.get(css);
      if (colour === undefined) {
        colour = resolveColour(css);
        resolved.set(css, colour);
      }
      return colour;
    };
    return {
      serviceColour: service => cached(serviceColour(slotOf(service, slots))),
      grid: cached('var(--grid)'),
      rest: cached('var(--n-5)'),
      error: cached('var(--error)'),
      halo: cached('var(--surface)'),
    };
  }, [slots, theme]);
}
