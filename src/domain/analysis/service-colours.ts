/** Colours that are told apart; slots 0 to 11 of the palette. */
export const SERVICE_SLOTS = 12;
/** The slot of services beyond the palette: grey until the reader points at one. */
export const OTHER_SERVICE = -1;

/**
 * Palette slot of a service, 0 to 11, or -1 for grey. With the server's `slots` every reader of a link sees the same
 * colours: what it has not numbered, or numbered beyond the palette, is grey. Without them the slot is a hash of the
 * name: stable everywhere, though two services may share a colour. Spans without a service ('') are grey.
 */
export function slotOf(service: string, slots?: Readonly<Record<string, number>>): number {
  if (slots !== undefined) {
    const slot = Object.hasOwn(slots, service) ? slots[service] : OTHER_SERVICE;
    return slot >= 0 && slot < SERVICE_SLOTS ? slot : OTHER_SERVICE;
  }
  return service === '' ? OTHER_SERVICE : hash(service) % SERVICE_SLOTS;
}

/** FNV-1a over UTF-16 code units, with a final mix: the low bits alone decide the slot. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
