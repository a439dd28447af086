import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, viteBuild } from './project.mjs';

/** Everything `vite build` reads; the server is not part of it. */
const inputs = [
  'src/domain',
  'src/decoding',
  'src/layout',
  'src/sources',
  'src/state',
  'src/views',
  'src/app',
  'public',
  'index.html',
  'embed.html',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
];
const stamp = join(root, 'dist', 'ui.inputs');

/**
 * Builds dist/ui unless it was built from exactly these files. Returns the exit code and what the build printed.
 * @param {{ output?: 'stderr' | 'collect' }} [options]
 */
export async function buildUi({ output = 'stderr' } = {}) {
  const hash = hashOf(inputs);
  if (isBuilt(hash)) return { code: 0, text: 'up to date\n' };
  if (output === 'stderr') process.stderr.write('throughline: building the user interface\n');
  const result = await viteBuild(['--logLevel', output === 'stderr' ? 'warn' : 'info'], { output });
  if (result.code === 0) {
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stamp, hash);
  }
  return result;
}

function isBuilt(hash) {
  if (!existsSync(join(root, 'dist', 'ui', 'index.html')) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === hash;
}

/** By content, not by time: a checkout of an older version is stale too. */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesOf(path) {
  const info = statSync(join(root, path), { throwIfNoEntry: false });
  if (info === undefined) return [];
  if (info.isFile()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .filter(name => !/\.test\.tsx?$/.test(name))
    .flatMap(name => filesOf(`${path}/${name}`));
}
