import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` starts it beside Vite.
const server = `http://127.0.0.1:${process.env.THROUGHLINE_PORT ?? 7318}`;

// What the CSP in src/server/http needs of the build: no inlined assets (no data: URLs), workers as ES modules whose
// URL passes through the Trusted Types policy, no module-preload polyfill (it is an inline script).
export default defineConfig({
  plugins: [react()],
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
