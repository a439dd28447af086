export { seededRandom } from '#domain/testing/seeded-random.ts';

/** One of the items, each as likely as its weight. */
export function pickWeighted<T extends { readonly weight: number }>(items: readonly T[], random: () => number): T {
  let rest = random() * items.reduce((sum, item) => sum + item.weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items[items.length - 1]!;
}
