import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

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
  },
  worker: { format: 'es' },
  server: {
    port: 5173,
    proxy: { '/api': 'http://127.0.0.1:7318', '/tempo': 'http://127.0.0.1:7318', '/-': 'http://127.0.0.1:7318' },
  },
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', '.tools/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
  },
});
