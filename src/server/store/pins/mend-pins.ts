import type { GonePin } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { traceQuery } from '#server/store/read/trace-query.ts';
import type { Pins, PinsHost } from './pins.ts';

/**
 * After damage in the tables of pins: a copy that is not whole any more is made anew where its trace is stored; else its pin
 * is given up, and told.
 */
export async function mendPins(host: PinsHost, pins: Pins): Promise<void> {
  const reason: GonePin['reason'] = 'damaged';
  let lost = 0;
  for (const { pin, traceId, isStored } of await pins.torn()) {
    const hex = traceId.toString(16).padStart(32, '0') as TraceId;
    const otlp = isStored ? (await host.run(-1, context => traceQuery(context, hex)))?.bytes : undefined;
    if (otlp !== undefined) await pins.restore(pin, otlp);
    else {
      lost++;
      await pins.giveUp([{ pin, traceId, goneUnixMs: host.store.options.nowMs(), reason }]);
    }
  }
  if (lost > 0) host.store.notices.add(`The copies of ${lost} pinned traces were damaged and could not be made anew.`);
}
