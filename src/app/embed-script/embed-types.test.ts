import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

// What a page that embeds panels gets: embed.js with embed.d.ts beside it, and its own strict compiler.
const TYPES = fileURLToPath(new URL('./embed.d.ts', import.meta.url));
const TSC = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-types-'));
  copyFileSync(TYPES, join(folder, 'embed.d.ts'));
  writeFileSync(join(folder, 'embed.js'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of the page's own script; '' for nothing. */
function complaints(script: string): string {
  writeFileSync(join(folder, 'page.ts'), script);
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'];
  try {
    execFileSync(process.execPath, [TSC, ...options, '--lib', 'es2022,dom', 'page.ts'], { cwd: folder });
    return '';
  } catch (failure) {
    return String((failure as { stdout?: Buffer }).stdout ?? failure);
  }
}

test('the types of embed.js fit a page that drives a panel', () => {
  expect(
    complaints(`
      import { ThroughlinePanel, type PanelEvents, type PanelInput } from './embed.js';
      const panel = document.querySelector('throughline-panel')!;
      const same: ThroughlinePanel = panel;
      same.addEventListener('size', ({ detail }) => { const px: number = detail.height; console.log(px); });
      same.addEventListener('selection', ({ detail }) => { if ('span' in detail) console.log(detail.span?.length); });
      same.addEventListener('open', ({ detail }) => { location.href = detail.url; });
      same.addEventListener('click', event => console.log(event.type));
      const messages: PanelInput[] = [
        { type: 'theme', theme: 'dark' },
        { type: 'range', from: 'now-1h', to: 'now' },
        { type: 'query', query: '{ status = error }' },
        { type: 'select', span: null },
      ];
      for (const message of messages) panel.send(message);
      const ready: PanelEvents['ready'] = {};
      console.log(ready);
    `),
  ).toBe('');
});

test.each([
  ["panel.send({ type: 'theme', theme: 'pink' })", 'pink'],
  ["panel.send({ type: 'open', url: '/' })", 'open'],
  ["panel.addEventListener('size', ({ detail }) => detail.width)", 'width'],
])('and refuse %s', (line, word) => {
  const said = complaints(`import './embed.js'; const panel = document.querySelector('throughline-panel')!; ${line};`);
  expect(said).toContain('page.ts');
  expect(said).toContain(word);
});
