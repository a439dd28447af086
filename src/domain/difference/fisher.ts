/** Tables that lie this close to the observed one count as equally likely. */
const ROUNDING = 1e-7;

let logFactorials = new Float64Array(1);

/**
 * Fisher's exact test, two-sided: how likely it is that `a` of `n1` and `b` of `n2` differ this much or more where both are
 * drawn from the same. Source: R. A. Fisher, Statistical Methods for Research Workers, 1934, § 21.02.
 */
export function fisherExact(a: number, n1: number, b: number, n2: number): number {
  const marked = a + b;
  const from = Math.max(0, marked - n2);
  const to = Math.min(marked, n1);
  const observed = logProbability(a, n1, marked, n2) + ROUNDING;
  let p = 0;
  for (let k = from; k <= to; k++) {
    const each = logProbability(k, n1, marked, n2);
    if (each <= observed) p += Math.exp(each);
  }
  return Math.min(1, p);
}

/** The smallest p that `fisherExact` can give for so many marked ones, however they are spread. */
export function smallestFisher(marked: number, n1: number, n2: number): number {
  const ends = [Math.max(0, marked - n2), Math.min(marked, n1)];
  return Math.min(...ends.map(k => Math.exp(logProbability(k, n1, marked, n2))));
}

/** Hypergeometric: `k` of the `marked` ones among the first `n1` of n1 + n2. */
function logProbability(k: number, n1: number, marked: number, n2: number): number {
  const log = logFactorialsTo(n1 + n2);
  const choose = (n: number, m: number) => log[n] - log[m] - log[n - m];
  return choose(n1, k) + choose(n2, marked - k) - choose(n1 + n2, marked);
}

function logFactorialsTo(n: number): Float64Array {
  if (logFactorials.length > n) return logFactorials;
  const grown = new Float64Array(Math.max(n + 1, 2 * logFactorials.length));
  for (let i = 1; i < grown.length; i++) grown[i] = grown[i - 1] + Math.log(i);
  logFactorials = grown;
  return grown;
}
