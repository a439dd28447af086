// `npm run build`, and before `npm pack`: dist/ui (the user interface) and dist/server (the server in one file, its
// store worker beside it; DuckDB stays a dependency because it is native).
import { ensureInstalled } from './install.mjs';
import { fail, viteBuild } from './project.mjs';
import { buildUi } from './ui.mjs';

await ensureInstalled();
const ui = await buildUi();
if (ui.code !== 0) fail('the user interface does not build; the lines above say why');
const server = await viteBuild(['--config', '.tools/vite.server.config.ts', '--logLevel', 'warn'], {
  output: 'stderr',
});
if (server.code !== 0) fail('the server does not bundle; the lines above say why');
