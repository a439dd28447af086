import { once } from 'node:events';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface RecordingEndpoint {
  /** Base URL for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** Bodies received so far: ExportTraceServiceRequest messages, not compressed. */
  readonly bodies: readonly Buffer[];
  close(): Promise<void>;
}

/** An OTLP/HTTP endpoint that keeps what it gets and, if `forwardTo` is given, passes it on and answers what comes back. */
export async function startRecordingEndpoint(forwardTo?: string): Promise<RecordingEndpoint> {
  const bodies: Buffer[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    bodies.push(body);
    const headers = { 'content-type': 'application/x-protobuf' };
    if (forwardTo === undefined) return void response.writeHead(200, headers).end();
    try {
      const answer = await fetch(`${forwardTo}/v1/traces`, { method: 'POST', headers, body });
      response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
