// `node .tools/on-node24.mjs <script> <flags>`: runs a TypeScript file of this repository after installing what is missing.
import { ensureInstalled } from './install.mjs';
import { serve } from './serve.mjs';

await ensureInstalled();
await serve(process.argv.slice(2));
