import { defineConfig } from 'vite';

// The published server: Node refuses to strip types under node_modules, so it is bundled. Its two entries end up side by
// side as main.js and store-worker.js. DuckDB is native and stays a dependency. gRPC loads its proto-loader only for features that we leave off.
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: ['@duckdb/node-api', '@duckdb/node-bindings', '@grpc/proto-loader'] },
  build: {
    ssr: true,
    outDir: 'dist/server',
    target: 'node20',
    license: { fileName: 'licenses.md' },
    rollupOptions: {
      input: { main: 'src/server/main.ts', 'store-worker': 'src/server/store/store-worker.ts' },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
