/** A query that is sound TraceQL but is not served, or fails at run time: becomes a 400 with this text. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
}

/** `unsupported: <feature>` */
export function unsupported(feature: string): QueryRefused {
  return new QueryRefused(`unsupported: ${feature}`);
}
