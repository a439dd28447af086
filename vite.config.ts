import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` starts it beside Vite.
const server = `http://127.0.0.1:${process.env.THROUGHLINE_PORT ?? 7318}`;

/** Where no server of ours sends headers, the documents themselves forbid what span content must never become. */
const policy =
  "script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
  "require-trusted-types-for 'script'; trusted-types app-worker";

/** What the built files need beyond their scripts: the policy, the types of embed.js, and in development the embed's page. */
function pages(): Plugin {
  return {
    name: 'pages',
    transformIndexHtml: (_html, { server: isDev }) =>
      isDev
        ? []
        : [
            {
              tag: 'meta',
              attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
              injectTo: 'head-prepend',
            },
          ],
    generateBundle() {
      const source = readFileSync('src/app/embed-script/embed.d.ts', 'utf8');
      this.emitFile({ type: 'asset', fileName: 'embed.d.ts', source });
    },
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        const { url = '' } = request;
        if (url.startsWith('/embed/') || /^\/(trace\/|search).*[?&]uiEmbed=v0/.test(url)) request.url = '/embed.html';
        else if (url === '/embed.js') request.url = '/src/app/embed-script/throughline-panel.ts';
        next();
      });
    },
  };
}

// What the CSP in src/server/http needs of the build: no inlined assets (no data: URLs), workers as ES modules whose
// URL passes through the Trusted Types policy, no module-preload polyfill (it is an inline script).
export default defineConfig({
  // Files are named relative to the page: the built interface lies under any path, on any web server.
  base: './',
  plugins: [react(), pages()],
  build: {
    outDir: 'dist/ui',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    sourcemap: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: {
        main: 'index.html',
        embed: 'embed.html',
        'throughline-panel': 'src/app/embed-script/throughline-panel.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      // Pages of other origins import the one by a name that stays.
      output: {
        entryFileNames: ({ name }) => (name === 'throughline-panel' ? 'embed.js' : 'assets/[name]-[hash].js'),
        // Small things that most pages use come in one file: a request costs more than they weigh.
        codeSplitting: {
          groups: [
            {
              name: 'react',
              // Without what only the app has use for.
              test: /node_modules\/(react|react-dom|scheduler|zustand|@tanstack\/(query-core|react-query))\/(?!.*(queries|mutation|infinite|suspense|hydration)\w*\.)/i,
              priority: 2,
            },
            { name: 'shared', test: /\/src\//, minShareCount: 6, maxModuleSize: 3_000, priority: 1 },
          ],
        },
      },
    },
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
    // Many tests wait for a disk or for a process of their own: of two processors, one would be idle half of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
