import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, tools } from './project.mjs';

// A wall that nobody has seen hold is a drawing of a wall. A trial tree with the real configuration is green; then one
// breach of each kind is planted and the tool that guards it must name exactly that file.

/** One file for each licence to import, so that green means "allowed" and not "nothing looked at". */
const clean: Record<string, string> = {
  'src/domain/table.ts': `export interface Table { readonly length: number }\nexport const table: Table = { length: 0 };\n`,
  'src/decoding/decode.ts': `import { table } from '#domain/table.ts';\n\nexport const decode = () => table;\n`,
  'src/decoding/decode.worker.ts': `import { decode } from './decode.ts';\n\ndecode();\n`,
  'src/sources/start-worker.ts': `export const startWorker = (url: string) => new Worker(url, { type: 'module' });\n`,
  'src/sources/source.ts': `import { decode } from '#decoding/decode.ts';\nimport { startWorker } from './start-worker.ts';\n\nexport const source = { load: () => fetch('x').then(decode), start: startWorker };\n`,
  'src/state/url/use-url.ts': `import { useLocation } from '@tanstack/react-router';\n\nexport const useUrl = () => useLocation().pathname;\n`,
  'src/state/state.ts': `import { source } from '#sources/source.ts';\n\nexport const state = () => source;\n`,
  // The compiler names each forbidden file once a project, so each upward breach has a target of its own.
  ...Object.fromEntries(
    [2, 3, 4, 5].map(n => [`src/state/s${n}.ts`, `export type State = ${n};\nexport const state: State = ${n};\n`]),
  ),
  'src/views/shared/row.ts': `export const row = 1;\n`,
  'src/views/search/layout.ts': `import { row } from '#views/shared/row.ts';\n\nexport const layout = row;\n`,
  'src/views/search/inner/cell.ts': `import { layout } from '#views/search/layout.ts';\n\nexport const cell = layout;\n`,
  'src/views/waterfall/Bars.tsx': `import { state } from '#state/state.ts';\nimport { useUrl } from '#state/url/use-url.ts';\n\nexport const Bars = () => <p title={useUrl()}>{String(state())}</p>;\n`,
  'src/app/main.tsx': `import { cell } from '#views/search/inner/cell.ts';\nimport { Bars } from '#views/waterfall/Bars.tsx';\n\nconsole.log(Bars, cell);\n`,
  'src/server/store/store-worker.ts': `import { parentPort } from 'node:worker_threads';\nimport { DuckDBInstance } from '@duckdb/node-api';\n\nparentPort?.postMessage(typeof DuckDBInstance);\n`,
  'src/server/proxy/outbound-fetch.ts': `export const outboundFetch = (url: URL) => fetch(url);\n`,
  'src/server/main.ts': `import { table } from '#domain/table.ts';\nimport { outboundFetch } from '#server/proxy/outbound-fetch.ts';\n\nconsole.log(process.env, table, outboundFetch);\n`,
};

type Guard = 'tsc' | 'biome' | 'knip';

/** Breaches, each in a file of its own. `expects` is what the guard must say about it. */
const breaches: readonly {
  readonly what: string;
  readonly by: Guard;
  readonly file: string;
  readonly text: string;
  readonly expects: RegExp;
}[] = [
  {
    what: 'upward import of a value',
    by: 'tsc',
    file: 'src/domain/b1.ts',
    text: `import { state } from '#state/state.ts';\nexport const b = state;\n`,
    expects: /TS6307/,
  },
  {
    what: 'upward import of a type',
    by: 'tsc',
    file: 'src/domain/b2.ts',
    text: `import type { State } from '#state/s2.ts';\nexport type B = State;\n`,
    expects: /TS6307/,
  },
  {
    what: 'upward import()',
    by: 'tsc',
    file: 'src/domain/b3.ts',
    text: `export const b = () => import('#state/s3.ts');\n`,
    expects: /TS6307/,
  },
  {
    what: "upward import('…').T",
    by: 'tsc',
    file: 'src/domain/b4.ts',
    text: `export type B = import('#state/s4.ts').State;\n`,
    expects: /TS6307/,
  },
  {
    what: 'upward re-export',
    by: 'tsc',
    file: 'src/domain/b5.ts',
    text: `export * from '#state/s5.ts';\n`,
    expects: /TS6307/,
  },
  {
    what: 'a DOM global in the domain',
    by: 'tsc',
    file: 'src/domain/b6.ts',
    text: `export const b = window.innerWidth;\n`,
    expects: /TS2304/,
  },
  {
    what: 'a Node module in the domain',
    by: 'tsc',
    file: 'src/domain/b7.ts',
    text: `import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n`,
    expects: /TS2591|TS2307/,
  },
  {
    what: 'new URL in the domain',
    by: 'tsc',
    file: 'src/domain/b8.ts',
    text: `export const b = new URL('http://x');\n`,
    expects: /TS2304/,
  },
  {
    what: 'server → state',
    by: 'tsc',
    file: 'src/server/b9.ts',
    text: `import { state } from '#state/state.ts';\nexport const b = state;\n`,
    expects: /TS6307/,
  },
  {
    what: 'state → server',
    by: 'tsc',
    file: 'src/state/b10.ts',
    text: `import { outboundFetch } from '#server/proxy/outbound-fetch.ts';\nexport const b = outboundFetch;\n`,
    expects: /TS6307/,
  },
  {
    what: 'decoding → sources',
    by: 'tsc',
    file: 'src/decoding/b11.ts',
    text: `import { source } from '#sources/source.ts';\nexport const b = source;\n`,
    expects: /TS6307/,
  },
  {
    what: 'a view → app',
    by: 'tsc',
    file: 'src/views/search/b12.ts',
    text: `import '#app/main.tsx';\n`,
    expects: /TS6307/,
  },

  {
    what: 'React in the domain',
    by: 'biome',
    file: 'src/domain/c1.ts',
    text: `import { useState } from 'react';\nexport const c = useState;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'React in decoding',
    by: 'biome',
    file: 'src/decoding/c2.ts',
    text: `import { useState } from 'react';\nexport const c = useState;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'React in the server',
    by: 'biome',
    file: 'src/server/c3.ts',
    text: `import { useState } from 'react';\nexport const c = useState;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'Date in the domain',
    by: 'biome',
    file: 'src/domain/c4.ts',
    text: `export const c = Date.now();\n`,
    expects: /noRestrictedGlobals/,
  },
  {
    what: 'performance in the domain',
    by: 'biome',
    file: 'src/domain/c5.ts',
    text: `export const c = performance.now();\n`,
    expects: /noRestrictedGlobals/,
  },
  {
    what: 'fetch in decoding',
    by: 'biome',
    file: 'src/decoding/c6.ts',
    text: `export const c = fetch('x');\n`,
    expects: /noRestrictedGlobals/,
  },
  {
    what: 'fetch in a view',
    by: 'biome',
    file: 'src/views/search/c7.ts',
    text: `export const c = fetch('x');\n`,
    expects: /noRestrictedGlobals/,
  },
  {
    what: 'a second outbound fetch in the server',
    by: 'biome',
    file: 'src/server/c8.ts',
    text: `export const c = fetch('http://x');\n`,
    expects: /noRestrictedGlobals/,
  },
  {
    what: 'an HTTP client in the server',
    by: 'biome',
    file: 'src/server/c9.ts',
    text: `import { request } from 'node:https';\nexport const c = request;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'process.env outside main.ts',
    by: 'biome',
    file: 'src/server/c10.ts',
    text: `export const c = process.env.HOME;\n`,
    expects: /noProcessEnv/,
  },
  {
    what: 'view → sibling view',
    by: 'biome',
    file: 'src/views/search/c11.ts',
    text: `import { Bars } from '#views/waterfall/Bars.tsx';\nexport const c = Bars;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'shared → a view',
    by: 'biome',
    file: 'src/views/shared/c12.ts',
    text: `import { layout } from '#views/search/layout.ts';\nexport const c = layout;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'a new view → sibling view',
    by: 'biome',
    file: 'src/views/graph/c13.ts',
    text: `import { layout } from '#views/search/layout.ts';\nexport const c = layout;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'view → sources',
    by: 'biome',
    file: 'src/views/search/c14.ts',
    text: `import { source } from '#sources/source.ts';\nexport const c = source;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'view → sources by import()',
    by: 'biome',
    file: 'src/views/search/c15.ts',
    text: `export const c = () => import('#sources/source.ts');\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'import cycle',
    by: 'biome',
    file: 'src/domain/c16.ts',
    text: `import { d } from './c17.ts';\nexport const c = () => d;\n`,
    expects: /noImportCycles/,
  },
  {
    what: 'import cycle, other half',
    by: 'biome',
    file: 'src/domain/c17.ts',
    text: `import { c } from './c16.ts';\nexport const d = () => c;\n`,
    expects: /noImportCycles/,
  },
  {
    what: 'leaving a folder by ../',
    by: 'biome',
    file: 'src/views/search/inner/c18.ts',
    text: `import { layout } from '../layout.ts';\nexport const c = layout;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'DuckDB outside the store',
    by: 'biome',
    file: 'src/server/c19.ts',
    text: `import { DuckDBInstance } from '@duckdb/node-api';\nexport const c = DuckDBInstance;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'a thread outside the store',
    by: 'biome',
    file: 'src/server/c20.ts',
    text: `import { Worker } from 'node:worker_threads';\nexport const c = Worker;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'the router in a view',
    by: 'biome',
    file: 'src/views/search/c21.ts',
    text: `import { useLocation } from '@tanstack/react-router';\nexport const c = useLocation;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'the router in state outside url',
    by: 'biome',
    file: 'src/state/c22.ts',
    text: `import { useLocation } from '@tanstack/react-router';\nexport const c = useLocation;\n`,
    expects: /noRestrictedImports/,
  },
  {
    what: 'new Worker outside start-worker.ts',
    by: 'biome',
    file: 'src/sources/c23.ts',
    text: `export const c = new Worker('x');\n`,
    expects: /noRestrictedGlobals/,
  },
  {
    what: 'dangerouslySetInnerHTML',
    by: 'biome',
    file: 'src/views/search/C24.tsx',
    text: `export const C = () => <p dangerouslySetInnerHTML={{ __html: 'x' }} />;\n`,
    expects: /noDangerouslySetInnerHtml/,
  },
  {
    what: 'innerHTML',
    by: 'biome',
    file: 'src/views/search/c25.ts',
    text: `export const c = (e: HTMLElement) => {\n  e.innerHTML = 'x';\n};\n`,
    expects: /plugin/,
  },
  {
    what: 'insertAdjacentHTML',
    by: 'biome',
    file: 'src/app/c26.ts',
    text: `export const c = (e: HTMLElement) => e.insertAdjacentHTML('beforeend', 'x');\n`,
    expects: /plugin/,
  },
  {
    what: 'DOMParser',
    by: 'biome',
    file: 'src/sources/c27.ts',
    text: `export const c = new DOMParser();\n`,
    expects: /noRestrictedGlobals/,
  },
  { what: 'eval', by: 'biome', file: 'src/app/c28.ts', text: `export const c = eval('1');\n`, expects: /noGlobalEval/ },
  {
    what: 'new Function',
    by: 'biome',
    file: 'src/state/c29.ts',
    text: `export const c = new Function('return 1');\n`,
    expects: /plugin/,
  },

  {
    what: 'a dead export',
    by: 'knip',
    file: 'src/domain/table.ts',
    text: `${clean['src/domain/table.ts']}export const dead = 1;\n`,
    expects: /dead/,
  },
];

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
  for (const name of ['src/trial.test.ts', '.tools/trial.ts', 'e2e/trial.ts']) clean[name] = 'export {};\n';
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
