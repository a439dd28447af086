// `npm run dev -- <flags>`: Vite with hot reload on 5173, and the server restarting when its files change.
import { spawn } from 'node:child_process';
import { ensureInstalled } from './install.mjs';
import { environment, node24, root, tools } from './project.mjs';

await ensureInstalled();
/** @type {import('node:child_process').SpawnOptions} */
const options = { cwd: root, env: environment(), stdio: 'inherit' };
const children = [
  spawn(node24, ['--watch', '--watch-preserve-output', 'src/server/main.ts', ...process.argv.slice(2)], options),
  spawn(node24, [tools.vite], options),
];
const stopAll = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAll);
for (const child of children) child.on('exit', stopAll);
