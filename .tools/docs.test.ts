import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './project.mjs';

// A document that names a file or a command which is gone is worse than none. Every path below the folders of this
// repository, every relative link and every npm command in a *.md file must exist.

const ignored = new Set(['node_modules', '.git', 'dist']);
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
    const missing = claims(markdown, /(?<=[`(>$ ]|^)npm (?:run )?[a-z][\w:-]*/gm).filter(({ text }) => {
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
