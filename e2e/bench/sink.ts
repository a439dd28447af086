import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Protocol } from './senders.ts';

export interface Sink {
  readonly url: string;
  close(): void;
}

/** A receiver that reads requests, forgets them and says OK: how fast a load can send at all. */
export async function openSink(protocol: Protocol, isJson: boolean): Promise<Sink> {
  const server = protocol === 'grpc' ? grpcSink() : httpSink(isJson ? '{}' : '');
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

function httpSink(answer: string): http.Server {
  return http.createServer((request, response) => {
    request.resume().on('end', () => response.end(answer));
  });
}

function grpcSink(): http2.Http2Server {
  const server = http2.createServer({ settings: { initialWindowSize: 1 << 20 } });
  server.on('stream', stream => {
    stream.resume().on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.alloc(5));
    });
  });
  return server;
}
