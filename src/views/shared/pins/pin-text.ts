import type { GonePin, Pin } from '#domain/api/pin-api.ts';
import { visibleText } from '#domain/format/text.ts';
import { formatInstant } from '#domain/time/clock.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';

/** Unix ms as a full date with zone. */
export function instantText(unixMs: number, zone: TimeZoneChoice): string {
  return formatInstant(BigInt(Math.floor(unixMs)) * 1_000_000n, zone, 'full');
}

/** `Pinned by Ada on Thu 17 Sep 2026, 14:12:07.318 CEST, kept until it is removed`. */
export function pinnedText({ by, atUnixMs, expiresUnixMs }: Pin, zone: TimeZoneChoice): string {
  const who = by === '' ? '' : ` by ${visibleText(by)}`;
  const until = expiresUnixMs === undefined ? 'it is removed' : instantText(expiresUnixMs, zone);
  return `Pinned${who} on ${instantText(atUnixMs, zone)}, kept until ${until}`;
}

/** What became of a pin, as a sentence. */
export function goneText({ reason, goneUnixMs, atUnixMs }: GonePin, zone: TimeZoneChoice): string {
  const gone = reason === 'expired' ? 'It expired' : 'Somebody removed it';
  return `${gone} on ${instantText(goneUnixMs, zone)}. It had been pinned on ${instantText(atUnixMs, zone)}.`;
}
