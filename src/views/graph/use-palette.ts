import { useMemo } from 'react';
import { slotOf } from '#domain/analysis/service-colours.ts';
import { useServiceSlots } from '#state/use-service-slots.ts';
import { useThemeVersion } from '#views/shared/colours.ts';
import { serviceColour } from '#views/shared/service-colour.ts';
import { type GraphPalette, readPalette } from './palette.ts';

/** Colours for the canvas, read once per theme and slot table. */
export function usePalette(): GraphPalette {
  const slots = useServiceSlots();
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the variables resolve to
  return useMemo(
    () => readPalette(getComputedStyle(document.body).fontFamily, service => serviceColour(slotOf(service, slots))),
    [slots, theme],
  );
}
