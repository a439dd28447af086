import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, tools } from './project.mjs';
import { breaches, clean, type Guard } from './walls-trial.ts';

// A wall that nobody has seen hold is a drawing of a wall. A trial tree with the real configuration is green; then one
// breach of each kind is planted and the tool that guards it must name exactly that file.

let folder: string;
beforeAll(() => {
  folder = trialTree();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('walls', () => {
  test('the clean tree is green', async () => {
    const [types, lint, unused] = await Promise.all([guard('tsc'), guard('biome'), guard('knip')]);
    expect(types).toEqual({ code: 0, text: '' });
    expect(lint).toEqual({ code: 0, text: '' });
    expect(unused).toEqual({ code: 0, text: '' });
  }, 60_000);

  describe('every breach is red', () => {
    const said = new Map<Guard, string>();
    beforeAll(async () => {
      for (const breach of breaches) plant(breach.file, breach.text);
      for (const by of ['tsc', 'biome', 'knip'] as const) {
        const { code, text } = await guard(by);
        expect(code, text).not.toBe(0);
        said.set(by, text);
      }
    }, 60_000);

    test.each(breaches)('$by: $what', ({ by, file, expects }) => {
      const about = (said.get(by) ?? '').split('\n').filter(line => line.includes(file));
      expect(about.join('\n'), `${by} says about ${file}`).toMatch(expects);
    });
  });
});

/** A small project with our configuration files and a view of our node_modules that keeps its own caches. */
function trialTree(): string {
  const to = mkdtempSync(join(tmpdir(), 'throughline-walls-'));
  mkdirSync(join(to, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(to, 'node_modules', name));
  }
  for (const name of [
    'tsconfig.json',
    '.biome.json',
    '.knip.jsonc',
    'package.json',
    '.gitignore',
    '.tools/no-html-sinks.grit',
  ]) {
    cpSync(join(root, name), join(to, name));
  }
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('tsconfig.json')) cpSync(join(root, 'src', name), join(to, 'src', name));
  }
  // Tests, tools and end-to-end tests are not walled; empty projects keep the references valid.
  for (const name of ['src/trial.test.ts', '.tools/trial.ts', 'e2e/trial.ts']) plant(name, 'export {};\n', to);
  for (const name of ['.tools', 'e2e']) {
    plant(
      `${name}/tsconfig.json`,
      JSON.stringify({ extends: '../tsconfig.json', include: ['./*.ts'], references: [] }),
      to,
    );
  }
  for (const [file, text] of Object.entries(clean)) plant(file, text, to);
  return to;
}

function plant(file: string, text: string, to = folder): void {
  mkdirSync(dirname(join(to, file)), { recursive: true });
  writeFileSync(join(to, file), text);
}

async function guard(by: Guard): Promise<{ code: number; text: string }> {
  const commands = {
    tsc: [tools.tsc, '-b', '--pretty', 'false'],
    // The trial files are laid out by hand: only the linter is on trial. No repository, so no ignore file.
    biome: [tools.biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', 'src'],
    knip: [tools.knip, '--no-progress', '--include', 'exports,types', '--reporter', 'compact'],
  } as const;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, commands[by], { cwd: folder, maxBuffer: 1 << 24 });
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: `${stdout}${stderr}` };
  }
}
