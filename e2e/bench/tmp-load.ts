import { traceqlFigures } from './traceql.ts';

const server = { uiUrl: 'http://127.0.0.1:7451', otlpUrl: 'http://127.0.0.1:7452' } as never;
for (const f of await traceqlFigures(server, 600_000)) console.log(JSON.stringify(f));
