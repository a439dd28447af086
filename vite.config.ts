import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` starts it beside Vite.
const server = `http://127.0.0.1:${process.env.THROUGHLINE_PORT ?? 7318}`;

// What the CSP in src/server/http needs of the build: no inlined assets (no data: URLs), workers as ES modules whose
// URL passes through the Trusted Types policy, no module-preload polyfill (it is an inline script).
export default defineConfig({
  plugins: [react(), keepStyleId()],
  build: {
    outDir: 'dist/ui',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    sourcemap: false,
    license: { fileName: 'licenses.md' },
  },
  worker: { format: 'es' },
  server: {
    port: 5173,
    proxy: { '/api': server, '/tempo': server, '/-': server },
  },
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', '.tools/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
  },
});

/**
 * react-aria-components adds a style element, which the policy forbids, unless an element of this id exists. Vite writes the
 * link to the built style sheet anew and drops the id that index.html gives it.
 */
function keepStyleId(): Plugin {
  return {
    name: 'keep-style-id',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        if (html.includes('id="react-aria-pressable-style"')) return html;
        const marked = html.replace('<link rel="stylesheet"', '<link id="react-aria-pressable-style" rel="stylesheet"');
        if (marked === html) throw new Error('index.html has no style sheet to carry the id of react-aria');
        return marked;
      },
    },
  };
}
