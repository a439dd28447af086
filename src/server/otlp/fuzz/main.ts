import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type Finding, fuzzEncodings, fuzzReceiver } from './fuzz.ts';

// `npm run fuzz [-- <minutes> <first seed>]`: looks until the time is over (5 minutes), prints what it finds and adds the bodies
// to the corpus, which the tests replay. Exit code 1 if there is any.

const minutes = Number(process.argv[2] ?? 5);
const corpus = new URL('../corpus/', import.meta.url);
const ROUND = 300;
const end = Date.now() + minutes * 60_000;
let firstSeed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
let found = 0;
process.stdout.write(`first seed ${firstSeed}\n`);
for (let cases = 0; Date.now() < end; firstSeed += ROUND) {
  const range = { firstSeed, cases: ROUND };
  for (const finding of [...(await fuzzEncodings(range)), ...(await fuzzReceiver(range))]) keep(finding);
  cases += 2 * ROUND;
  process.stdout.write(`${cases} cases, ${found} found, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB\n`);
}
process.exitCode = found === 0 ? 0 : 1;

function keep({ seed, encoding, body, what }: Finding): void {
  found++;
  const name = `${createHash('sha256').update(body).digest('hex').slice(0, 12)}.otlp-${encoding === 'json' ? 'json' : 'pb'}`;
  writeFileSync(new URL(name, corpus), body);
  process.stdout.write(`seed ${seed}, ${encoding}, kept as ${name}: ${what}\n`);
}
