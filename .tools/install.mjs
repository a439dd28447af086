import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, node24, npm, root, run } from './project.mjs';

/**
 * Installs what package-lock.json asks for if node_modules lacks it, then makes sure that Node 24 is really there:
 * the package `node` fills itself by an install script, and under `ignore-scripts` it stays empty without a word.
 */
export async function ensureInstalled() {
  const missing = whatIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`throughline: installing packages (${missing})\n`);
    // Warnings would be of the Node that runs npm; everything else runs on the one that is installed.
    const { code } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { output: 'stderr' });
    if (code !== 0) fail('npm ci failed; its output above says why. It needs the npm registry or a filled npm cache.');
  }
  if (await isNode24()) return;
  const { code } = await npm(['rebuild', 'node', '--ignore-scripts=false'], { output: 'stderr' });
  if (code !== 0 || !(await isNode24())) {
    fail(`${node24} is not Node 24. Run: npm rebuild node --ignore-scripts=false`);
  }
}

async function isNode24() {
  if (!existsSync(node24)) return false;
  const { code, text } = await run(node24, ['--version'], { output: 'collect' });
  return code === 0 && text.startsWith('v24.');
}

/** Compares the lock file with the one npm leaves in node_modules: the reason to install, or undefined. */
function whatIsMissing() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'first run';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    // Optional packages of other platforms are left out by npm on purpose.
    if (found === undefined && !(entry.optional || entry.devOptional || entry.peer)) return `${path} is missing`;
    if (found !== undefined && found.version !== entry.version)
      return `${path} is ${found.version}, not ${entry.version}`;
  }
  return undefined;
}
