import type { TraceTable } from '#domain/trace/trace-table.ts';

/** Everything of a table but how its strings happen to be numbered. */
export function spelledOut({ strings, details: _, resources, scopes, events, ...table }: TraceTable) {
  return {
    ...table,
    name: Array.from(table.name, i => strings.at(i)),
    statusMessage: Array.from(table.statusMessage, i => strings.at(i)),
    traceState: Array.from(table.traceState, i => strings.at(i)),
    resource: Array.from(table.resource, i => resources[i]),
    scope: Array.from(table.scope, i => scopes[i]),
    events: { ...events, name: Array.from(events.name, i => strings.at(i)) },
  };
}
