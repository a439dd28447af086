/** What systems are usually divided by, in this order. */
const USUAL: readonly string[] = [
  'service.namespace',
  'k8s.namespace.name',
  'k8s.cluster.name',
  'deployment.environment.name',
  'deployment.environment',
  'cloud.region',
  'cloud.account.id',
  'team',
];

/** What every service has to itself, or all have alike. */
const USELESS =
  /^(?:service\.(?:name|instance\.id)|telemetry\.|process\.(?:pid|command|executable|runtime\.description))/;

/** Resource attributes to group services by: those that are there, and the chosen one. */
export function groupKeys(
  tags: readonly string[],
  chosen: string,
): { readonly usual: readonly string[]; readonly others: readonly string[] } {
  const known = new Set(chosen === '' ? tags : [...tags, chosen]);
  const usual = USUAL.filter(key => known.has(key));
  const others = [...known].filter(key => !USUAL.includes(key) && (!USELESS.test(key) || key === chosen)).sort();
  return { usual, others };
}
