import { parseTraceId, type TraceId } from '#domain/ids.ts';
import type { Command, CommandContext } from '#state/commands/command.ts';

/** One line of the palette. */
export type PaletteItem =
  | { readonly kind: 'trace'; readonly traceId: TraceId }
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
  const traceId = traceIdIn(text);
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

/** A trace id that was typed or pasted, alone or inside a link or a `traceparent`; at least 16 digits. */
export function traceIdIn(text: string): TraceId | undefined {
  const digits = /(?:^|[^0-9a-f])([0-9a-f]{32})(?:$|[^0-9a-f])/i.exec(text)?.[1] ?? bareId(text);
  const id = digits === undefined ? undefined : parseTraceId(digits);
  return id?.ok ? id.value : undefined;
}

function bareId(text: string): string | undefined {
  const bare = text.trim().replace(/^0x/i, '').replaceAll('-', '');
  return /^[0-9a-f]{16,32}$/i.test(bare) ? bare : undefined;
}

/** What starts with the text comes before what contains it. */
function rank(name: string, wanted: string): number {
  return name.toLowerCase().startsWith(wanted) ? 0 : 1;
}
