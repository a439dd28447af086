import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './project.mjs';

// A document that names a file or a command which is gone is worse than none. Every path below the folders of this
// repository, every relative link and every npm command in a *.md file must exist.

const ignored = new Set(['node_modules', '.git', 'dist', 'test-results', 'playwright-report']);
const documents = globSync('**/*.md', { cwd: root, exclude: path => ignored.has(path.split('/').at(-1) ?? '') });
const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);
/** npm's own verbs that documents may use beside the scripts. */
const npmVerbs = new Set(['ci', 'install', 'pack', 'audit', 'rebuild', 'run', 'i']);

interface Claim {
  readonly line: number;
  readonly text: string;
}

/** `src/domain/{ids,result}.ts`, `docs/api.md`, `src/views/*.css`; not `src/views/<view>/index.ts`, which is a pattern. */
function pathsNamed(markdown: string): Claim[] {
  return claims(markdown, /(?<![\w./-])(?:src|e2e|docs|public|\.tools|\.ci)\/[\w.*{},/<>…-]*/g)
    .map(({ line, text }) => ({ line, text: text.replace(/[.,]+$/, '') }))
    .filter(({ text }) => !/[<>…]/.test(text));
}

function linksNamed(markdown: string): Claim[] {
  return claims(markdown, /\]\(([^)\s]+)\)/g)
    .map(({ line, text }) => ({ line, text: text.slice(2, -1).replace(/#.*$/, '') }))
    .filter(({ text }) => text !== '' && !/^[a-z]+:/i.test(text));
}

function claims(markdown: string, pattern: RegExp): Claim[] {
  return markdown
    .split('\n')
    .flatMap((text, i) => Array.from(text.matchAll(pattern), match => ({ line: i + 1, text: match[0] })));
}

/** `a/{b,c}.ts` as `a/b.ts` and `a/c.ts`. */
function expand(path: string): string[] {
  const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(path);
  if (braces === null) return [path];
  return braces[2].split(',').flatMap(choice => expand(`${braces[1]}${choice}${braces[3]}`));
}

function isThere(path: string): boolean {
  return path.includes('*') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path));
}

const wrong = (document: string, found: readonly Claim[]) =>
  found.map(({ line, text }) => `${document}:${line} ${text}`);

test('there are documents to look at', () => {
  expect(documents).toContain('README.md');
  expect(documents).toContain('ARCHITECTURE.md');
});

test('every picture is shown by a document', () => {
  const pictures = globSync('docs/images/*', { cwd: root });
  const text = documents.map(document => readFileSync(join(root, document), 'utf8')).join();
  expect(pictures).not.toEqual([]);
  expect(pictures.filter(path => !text.includes(path))).toEqual([]);
});

describe.each(documents)('%s', document => {
  const markdown = readFileSync(join(root, document), 'utf8');

  test('names only paths that exist', () => {
    const missing = pathsNamed(markdown).filter(({ text }) => !expand(text).every(isThere));
    expect(wrong(document, missing)).toEqual([]);
  });

  test('links only to files that exist', () => {
    const missing = linksNamed(markdown).filter(({ text }) => !existsSync(join(root, dirname(document), text)));
    expect(wrong(document, missing)).toEqual([]);
  });

  test('names only npm commands that exist', () => {
    const missing = claims(markdown, /(?<=`|^\s*(?:\$ )?)npm (?:run )?[a-z][\w:-]*/gm).filter(({ text }) => {
      const [, verb, script] = text.split(' ');
      return verb === 'run' ? !scripts.includes(script) : !scripts.includes(verb) && !npmVerbs.has(verb);
    });
    expect(wrong(document, missing)).toEqual([]);
  });

  test('has no path of somebody’s machine', () => {
    const personal = claims(markdown, /(?<![\w.])(?:\/(?:home|Users|root|work|tmp)\/[\w.-]+|[A-Z]:\\[\w\\]+)/g);
    expect(wrong(document, personal)).toEqual([]);
  });
});

describe('lists that repeat the code are complete', () => {
  const keyNames: Record<string, string> = {
    Escape: 'Esc',
    ArrowUp: '↑',
    ArrowDown: '↓',
    ArrowLeft: '←',
    ArrowRight: '→',
  };
  /** `Shift+e` as the list writes it: `⇧E`. */
  const written = (hotkey: string) => {
    const parts = hotkey.split('+').filter(part => part !== '');
    const key = parts.at(-1) ?? '+';
    const prefix = parts.slice(0, -1).map(part => ({ Mod: '⌘', Shift: '⇧', Alt: '⌥' })[part] ?? part);
    return prefix.join('') + (keyNames[key] ?? (prefix.length > 0 ? key.toUpperCase() : key));
  };

  test('docs/keyboard.md has every key of every command', () => {
    const lines = readFileSync(join(root, 'docs/keyboard.md'), 'utf8').split('\n');
    const commands = globSync('src/**/commands.ts', { cwd: root }).flatMap(file =>
      Array.from(
        readFileSync(join(root, file), 'utf8').matchAll(/\{[^{}]*title: '([^']+)'[^{}]*hotkeys: \[([^\]]*)\]/g),
        ([, title, keys]) => ({ title, keys: Array.from(keys.matchAll(/'([^']+)'/g), ([, key]) => written(key)) }),
      ),
    );
    expect(commands.length).toBeGreaterThan(20);
    const unlisted = commands.filter(
      ({ title, keys }) => !lines.some(line => line.includes(title) && keys.every(key => line.includes(`\`${key}\``))),
    );
    expect(unlisted).toEqual([]);
  });

  test('docs/configuration.md has every setting', () => {
    const document = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    const source = readFileSync(join(root, 'src/server/config/settings.ts'), 'utf8');
    const keys = Array.from(source.matchAll(/^ {2}(\w+): \{ form: '/gm), ([, key]) => key);
    expect(keys).toContain('retention');
    expect(keys.filter(key => !document.includes(`\`${key}\``))).toEqual([]);
  });
});

test('the test sees what it is meant to see', () => {
  const sample = 'see `src/gone.ts`, [x](../gone.md), `src/domain/{ids,result}.ts` and src/views/<view>/index.ts.';
  expect(pathsNamed(sample).map(claim => claim.text)).toEqual(['src/gone.ts', 'src/domain/{ids,result}.ts']);
  expect(linksNamed(sample).map(claim => claim.text)).toEqual(['../gone.md']);
  expect(expand('src/domain/{ids,result}.ts').map(path => relative('src/domain', path))).toEqual([
    'ids.ts',
    'result.ts',
  ]);
  expect(['src/gone.ts', 'src/domain/ids.ts', 'src/domain/*.ts'].map(isThere)).toEqual([false, true, true]);
});
