import { killLoop } from './kill-loop.ts';
import { makeTempDir, removeDir } from './open-core.ts';

// `npm run torture [-- <kills>]`: kills an ingesting store again and again at random moments. Exit code 1 if it broke a promise.

const kills = Number(process.argv[2] ?? 500);
/** Reading everything back grows with what is there, so each round begins with an empty store. */
const ROUND = 25;
let acknowledged = 0;
const broken: string[] = [];
for (let done = 0; done < kills; done += ROUND) {
  const dir = makeTempDir();
  const report = await killLoop(dir, Math.min(ROUND, kills - done), Math.random);
  acknowledged += report.acknowledged;
  broken.push(...report.broken);
  console.log(`${Math.min(done + ROUND, kills)} kills, ${acknowledged} requests acknowledged, ${broken.length} broken`);
  if (report.broken.length === 0) removeDir(dir);
  else console.log(`kept for inspection: ${dir}`);
}
for (const sentence of broken) console.log(sentence);
process.exitCode = broken.length === 0 ? 0 : 1;
