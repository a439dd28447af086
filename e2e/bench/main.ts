/**
 * `npm run bench [-- --spans 1000000] [--only ingest,read,browser,trace,traceql,heatmap,brush,graph,files,export,embed] [--check]`: one JSON line for each figure.
 * With `--check` a missed target is exit code 1. The server runs in a process of its own on a fresh data directory. `store10m` (six
 * minutes, 3 GB of disk) is run when it is named.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { browserPath } from '#e2e/browser-path.ts';
import buildUi from '#e2e/build-ui.ts';
import { type ServerProcess, startServer } from '#e2e/server-process.ts';
import { browserFigures } from './browser.ts';
import { embedFigures } from './embed.ts';
import { exportFigures } from './export.ts';
import { fileFigures } from './files.ts';
import { graphFigures } from './graph.ts';
import { heatmapFigures } from './heatmap.ts';
import { heatmapPageFigures } from './heatmap-page.ts';
import { ingestFigures, moreIngestFigures } from './ingest.ts';
import { readFigures } from './read.ts';
import type { Figure } from './result.ts';
import { store10mFigures } from './store10m.ts';
import { traceFigures } from './trace-page.ts';
import { traceqlFigures } from './traceql.ts';

const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '1000000' },
    only: { type: 'string', default: 'ingest,read,browser,trace,traceql,heatmap,brush,graph,files,export,embed' },
    check: { type: 'boolean', default: false },
  },
});
const spans = Number(values.spans);
const parts = new Set(values.only.split(','));
const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
let missed = 0;
const print = (figures: readonly Figure[]) => {
  for (const figure of figures) {
    if (!figure.ok) missed++;
    console.log(JSON.stringify(figure));
  }
};

console.error(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, data in ${folder}`);
if (['browser', 'trace', 'brush', 'graph', 'files', 'export', 'embed'].some(part => parts.has(part))) await buildUi();
const server = await startServer({ dataDir: join(folder, 'data') });
try {
  if (parts.has('ingest') || parts.has('read')) {
    const figures = await ingestFigures(server, spans, folder);
    if (parts.has('ingest')) print(figures);
  }
  if (parts.has('read')) print(await readFigures(server, spans));
  if (parts.has('ingest')) for await (const each of moreIngestFigures(server, spans, folder)) print(each);
  if (parts.has('browser')) print(await browserFigures(server, await browserPath()));
  if (parts.has('files')) for await (const each of fileFigures(server, folder, await browserPath())) print(each);
  if (parts.has('export')) for await (const each of exportFigures(server, spans, await browserPath())) print(each);
  if (parts.has('trace')) for await (const each of traceFigures(server, await browserPath())) print([each]);
} finally {
  await server.stop();
}
try {
  if (parts.has('store10m')) for await (const each of store10mFigures(folder)) print([each]);
  if (parts.has('traceql')) print(await onItsOwn('traceql', each => traceqlFigures(each)));
  if (parts.has('heatmap')) print(await onItsOwn('heatmap', each => heatmapFigures(each, spans)));
  if (parts.has('graph')) print(await onItsOwn('graph', async each => graphFigures(each, spans, await browserPath())));
  if (parts.has('brush')) print(await onItsOwn('brush', async each => heatmapPageFigures(each, await browserPath())));
  if (parts.has('embed')) print(await embedFigures(join(folder, 'embed'), await browserPath()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.check && missed > 0) process.exit(1);

/** A server with nothing else in its store. */
async function onItsOwn<T>(name: string, work: (server: ServerProcess) => Promise<T>): Promise<T> {
  const own = await startServer({ dataDir: join(folder, name) });
  try {
    return await work(own);
  } finally {
    await own.stop();
  }
}
