// `npm test`: every check this repository has, on a machine that has only git and Node. `npm run check` is the fast half
// (`test.mjs checks`). The last line is `N passed, N failed`: one for each check and each test.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { ensureInstalled } from './install.mjs';
import { environment, node24, root, run, tools } from './project.mjs';
import { buildUi } from './ui.mjs';

const checksOnly = process.argv.includes('checks');
const reports = mkdtempSync(join(tmpdir(), 'throughline-reports-'));
const total = { passed: 0, failed: 0 };
const red = [];

await ensureInstalled();

await check('types', () => run(node24, [tools.tsc, '-b'], { output: 'collect' }));
await check('lint and format', () =>
  run(node24, [tools.biome, 'ci', '--colors=off', '--error-on-warnings'], { output: 'collect' }),
);
await check('unused code', () => run(node24, [tools.knip, '--no-progress'], { output: 'collect' }));
await vitest();
if (!checksOnly) {
  await check('build of the user interface', () => buildUi({ output: 'collect' }));
  await playwright();
}

rmSync(reports, { recursive: true, force: true });
if (red.length > 0) process.stdout.write(`\nred: ${red.join(', ')}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** One step that is green or red as a whole; its output is shown only when red. */
async function check(name, step) {
  const started = Date.now();
  const { code, text } = await step();
  add(name, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }, started);
  if (code !== 0) process.stdout.write(`${text.trimEnd()}\n`);
}

async function vitest() {
  const started = Date.now();
  const report = join(reports, 'vitest.json');
  const scope = checksOnly
    ? ['run', '.tools/walls.test.ts', '.tools/docs.test.ts', '.tools/installation.test.ts']
    : ['run'];
  const args = [tools.vitest, ...scope, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const env = environment(process.stdout.isTTY ? {} : { NO_COLOR: '1' });
  const { code } = await run(node24, args, { env });
  const found = readReport(report);
  const counts = { passed: found?.numPassedTests ?? 0, failed: found?.numFailedTests ?? 0 };
  add(checksOnly ? 'walls and documents' : 'unit, property and server tests', atLeastOneFailure(counts, code), started);
}

async function playwright() {
  const started = Date.now();
  const name = 'browser tests';
  const config = join(root, 'e2e', 'playwright.config.ts');
  if (!existsSync(config)) return add(`${name} (no e2e/playwright.config.ts)`, { passed: 0, failed: 1 }, started);
  const browser = await findBrowser();
  if (browser === undefined) {
    process.stdout.write('No Chromium found. Install Chromium or Chrome, run `npx playwright install chromium`,\n');
    process.stdout.write('or name one: THROUGHLINE_BROWSER=/path/to/chrome npm test\n');
    return add(`${name} (no browser)`, { passed: 0, failed: 1 }, started);
  }
  const report = join(reports, 'playwright.json');
  const { code } = await run(node24, [tools.playwright, 'test', '-c', config, '--reporter=list,json'], {
    env: environment({
      THROUGHLINE_BROWSER: browser,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    }),
  });
  const stats = readReport(report)?.stats;
  const counts = { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0 };
  return add(name, atLeastOneFailure(counts, code), started);
}

/** A runner that ends badly without a failed test (a file that does not load, an unhandled error) is a failure too. */
function atLeastOneFailure(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function add(name, { passed, failed }, started) {
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) red.push(name);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `${failed === 0 ? 'ok  ' : 'FAIL'}  ${name}: ${passed} passed, ${failed} failed (${seconds} s)\n`,
  );
}
