import type { Field } from '#domain/traceql/ast.ts';

/** What must be loaded beside the columns of a span so that `fields` can be read. */
export interface FieldNeeds {
  readonly spanKeys: ReadonlySet<string>;
  readonly resourceKeys: ReadonlySet<string>;
  readonly instrumentationKeys: ReadonlySet<string>;
  readonly eventKeys: ReadonlySet<string>;
  readonly linkKeys: ReadonlySet<string>;
  readonly events: boolean;
  readonly links: boolean;
  readonly instrumentation: boolean;
  readonly statusMessage: boolean;
  readonly baggage: boolean;
}

export function needsOf(fields: readonly Field[]): FieldNeeds {
  const keysOf = (...scopes: readonly string[]) =>
    new Set(fields.flatMap(f => (f.type === 'attribute' && scopes.includes(f.scope) ? [f.key] : [])));
  const names = (prefix: string) => fields.some(f => f.type === 'intrinsic' && f.name.startsWith(prefix));
  // The service name is a column.
  const resourceKeys = keysOf('resource', 'any');
  resourceKeys.delete('service.name');
  const eventKeys = keysOf('event');
  const linkKeys = keysOf('link');
  const instrumentationKeys = keysOf('instrumentation');
  return {
    spanKeys: keysOf('span', 'any'),
    resourceKeys,
    instrumentationKeys,
    eventKeys,
    linkKeys,
    events: eventKeys.size > 0 || names('event:'),
    links: linkKeys.size > 0 || names('link:'),
    instrumentation: instrumentationKeys.size > 0 || names('instrumentation:'),
    statusMessage: names('statusMessage'),
    baggage: keysOf('baggage').size > 0,
  };
}

/** Whether everything in `wanted` is in `loaded`. */
export function covers(loaded: FieldNeeds, wanted: FieldNeeds): boolean {
  return (Object.keys(wanted) as (keyof FieldNeeds)[]).every(name => {
    const [has, wants] = [loaded[name], wanted[name]];
    if (typeof wants === 'boolean') return !wants || has === true;
    return typeof has === 'object' && [...wants].every(key => has.has(key));
  });
}
