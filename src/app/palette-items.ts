import type { TraceId } from '#domain/ids.ts';
import type { Command, CommandContext } from '#state/commands/command.ts';
import { traceIdIn } from '#views/shared/trace-id-in.ts';

/** One line of the palette. */
export type PaletteItem =
  | { readonly kind: 'trace'; readonly traceId: TraceId }
  /** Of a pasted link to a pin. */
  | { readonly kind: 'pin'; readonly pin: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'command'; readonly command: Command };

const MAX_SERVICES = 8;

/** What the text may mean, best guess first: a trace id, services, commands. */
export function paletteItems(
  text: string,
  services: readonly string[],
  commands: readonly Command[],
  context: CommandContext,
): PaletteItem[] {
  const wanted = text.trim().toLowerCase();
  const items: PaletteItem[] = [];
  const pin = /\/p\/([0-9a-f]{32})(?![0-9a-f])/.exec(text)?.[1];
  const traceId = pin === undefined ? traceIdIn(text) : undefined;
  if (pin !== undefined) items.push({ kind: 'pin', pin });
  if (traceId) items.push({ kind: 'trace', traceId });
  const found = services.filter(service => service.toLowerCase().includes(wanted));
  found.sort((a, b) => rank(a, wanted) - rank(b, wanted) || a.localeCompare(b));
  for (const service of found.slice(0, MAX_SERVICES)) items.push({ kind: 'service', service });
  for (const command of commands) {
    if (command.hidden || !command.title.toLowerCase().includes(wanted)) continue;
    if (command.when?.(context) ?? true) items.push({ kind: 'command', command });
  }
  return items;
}

/** What starts with the text comes before what contains it. */
function rank(name: string, wanted: string): number {
  return name.toLowerCase().startsWith(wanted) ? 0 : 1;
}
