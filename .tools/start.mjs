// `npm start -- <flags>`: installs what is missing, builds the user interface if it is stale, serves.
import { ensureInstalled } from './install.mjs';
import { fail } from './project.mjs';
import { serve } from './serve.mjs';
import { buildUi } from './ui.mjs';

await ensureInstalled();
const build = await buildUi();
if (build.code !== 0) fail('the user interface does not build; the lines above say why');
await serve(['src/server/main.ts', ...process.argv.slice(2)]);
