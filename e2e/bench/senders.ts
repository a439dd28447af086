import http from 'node:http';
import http2 from 'node:http2';

/** Sends one request; true when everything was taken, false for "later". Anything else rejects. */
export type Send = (body: Buffer) => Promise<boolean>;

/** One connection of a load. */
export interface Sender {
  readonly send: Send;
  close(): void;
}

export type Protocol = 'http' | 'grpc';

export function openSender(protocol: Protocol, url: string, contentType: string): Sender {
  return protocol === 'grpc' ? grpcSender(url) : httpSender(url, contentType);
}

function httpSender(url: string, contentType: string): Sender {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const isJson = contentType === 'application/json';
  const send: Send = body =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': contentType, 'content-length': body.length };
      const request = http.request(`${url}/v1/traces`, { agent, method: 'POST', headers }, response => {
        let text = '';
        response.setEncoding('latin1').on('data', chunk => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200 && text === (isJson ? '{}' : '')) resolve(true);
          else if (response.statusCode === 429 || response.statusCode === 503) resolve(false);
          else reject(new Error(`OTLP answered ${response.statusCode}: ${text}`));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const OK = '0';
const RESOURCE_EXHAUSTED = '8';
const UNAVAILABLE = '14';

/** gRPC's unary call by hand, so that the load costs less than what it measures. */
function grpcSender(url: string): Sender {
  const session = http2.connect(url, { settings: { initialWindowSize: 1 << 20 } });
  const send: Send = body =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': EXPORT,
        'content-type': 'application/grpc+proto',
        te: 'trailers',
      });
      let status: string | undefined;
      const look = (headers: http2.IncomingHttpHeaders) => {
        status = headers['grpc-status']?.toString() ?? status;
      };
      stream.on('response', look).on('trailers', look).on('error', reject).resume();
      stream.on('close', () => {
        if (status === OK) resolve(true);
        else if (status === RESOURCE_EXHAUSTED || status === UNAVAILABLE) resolve(false);
        else reject(new Error(`gRPC answered ${status}`));
      });
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(body.length, 1);
      stream.write(prefix);
      stream.end(body);
    });
  return { send, close: () => session.close() };
}
