/** Origins whose pages may talk with a panel: its own, and those that may frame it. */
export function hostOrigins(own: string, frameAncestors: readonly string[]): ReadonlySet<string> {
  return new Set([own, ...frameAncestors].filter(origin => origin !== 'null'));
}

/**
 * The origin of the page around the panel, if it may talk with it; undefined also where the browser does not say, until
 * that page has spoken first.
 */
export function originOfHost(
  allowed: ReadonlySet<string>,
  { ancestorOrigins, referrer }: { ancestorOrigins: ArrayLike<string> | undefined; referrer: string },
): string | undefined {
  const named = ancestorOrigins?.[0] ?? (URL.canParse(referrer) ? new URL(referrer).origin : undefined);
  return named !== undefined && allowed.has(named) ? named : undefined;
}
