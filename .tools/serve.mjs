import { spawn } from 'node:child_process';
import { environment, node24, root } from './project.mjs';

/** Hands over to Node 24: same terminal, signals passed on, same exit code. Does not return. */
export function serve(args, { env = environment() } = {}) {
  const child = spawn(node24, args, { cwd: root, env, stdio: 'inherit' });
  // A Ctrl+C reaches the child twice (from the terminal and from here); the server treats repeats as one.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  return new Promise(() => {
    child.on('error', error => {
      process.stderr.write(`throughline: ${node24}: ${error.message}\n`);
      process.exit(1);
    });
    child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
