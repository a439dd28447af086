// Paths and child processes shared by the scripts of this folder. They start on whatever Node the machine has (20 or
// newer) and hand over to the Node of node_modules, so this folder is plain JavaScript without dependencies.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node 24 as the npm package `node` brings it. */
export const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The scripts of tools we run, so that none of them depends on a shell or on PATH. */
export const tools = {
  biome: join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  knip: join(root, 'node_modules', 'knip', 'bin', 'knip.js'),
  playwright: join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
  tsc: join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  vite: join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
  vitest: join(root, 'node_modules', 'vitest', 'vitest.mjs'),
};

/** PATH with Node 24 first: what a tool starts by name runs on it too. */
export function environment(extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const bin = join(root, 'node_modules', '.bin');
  return { ...process.env, PATH: `${bin}${separator}${process.env.PATH ?? ''}`, ...extra };
}

/**
 * Runs a command to its end. `output: 'stderr'` shows it without touching stdout (which `npm start` keeps for the
 * server's own lines), 'collect' keeps it for later.
 * @param {string} command @param {readonly string[]} args
 * @param {{ output?: 'inherit' | 'stderr' | 'collect', env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<{ code: number, text: string }>}
 */
export function run(command, args, { output = 'inherit', env = environment(), cwd = root } = {}) {
  /** @type {Record<string, import('node:child_process').StdioOptions>} */
  const kinds = { inherit: 'inherit', stderr: ['ignore', 2, 2], collect: ['ignore', 'pipe', 'pipe'] };
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd, env, stdio: kinds[output] });
    let text = '';
    const collect = chunk => {
      text += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.on('error', error => resolve({ code: 127, text: `${text}${command}: ${error.message}\n` }));
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === null ? 1 : 130), text }));
  });
}

/** A build is for production whoever asks for it: under a test runner's NODE_ENV React would come in its development form. */
export function viteBuild(args, options = {}) {
  return run(node24, [tools.vite, 'build', ...args], { ...options, env: environment({ NODE_ENV: 'production' }) });
}

/** Runs the npm that started us, or the one on PATH. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return run(process.execPath, [cli, ...args], { env: process.env, ...options });
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { env: process.env, ...options });
}

/** Ends the script with one line on stderr. */
export function fail(message, code = 1) {
  process.stderr.write(`throughline: ${message}\n`);
  process.exit(code);
}
