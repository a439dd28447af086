import { slotOf } from '#domain/analysis/service-colours.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { paletteSlot, SLOT_COUNT } from './palette.ts';

/** Colours of a trace's services, as indexes into the palette. */
export interface ServiceSlots {
  readonly byResource: Uint8Array;
  /** For spans whose resource names no service, or that have none. */
  readonly none: number;
}

/** `known` are the slots that the server keeps; without them a slot is a hash of the name. */
export function serviceSlots(table: TraceTable, known: Readonly<Record<string, number>> | undefined): ServiceSlots {
  return {
    byResource: Uint8Array.from(table.resources, resource =>
      resource.serviceName === '' ? SLOT_COUNT : paletteSlot(slotOf(resource.serviceName, known)),
    ),
    none: SLOT_COUNT,
  };
}

/** Palette index of a row's service. */
export function slotOfRow(table: TraceTable, slots: ServiceSlots, row: number): number {
  const resource = table.resource[row];
  return resource < 0 ? slots.none : slots.byResource[resource];
}
