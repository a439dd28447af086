import type { ServerConfig } from '#domain/api/server-api.ts';

/** One way to point a sender here. */
export interface SetupText {
  readonly name: string;
  readonly lead: string;
  readonly text: string;
}

export type SetupAddresses = Pick<ServerConfig, 'otlpHttp' | 'otlpGrpc'>;

/** For the addresses at which the receivers listen, such as `http://127.0.0.1:4318`. */
export function setupTexts({ otlpHttp: endpoint, otlpGrpc }: SetupAddresses): readonly SetupText[] {
  return [
    {
      name: 'Any SDK',
      lead: 'Any OpenTelemetry SDK reads these variables.',
      text: [`export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`, 'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'].join(
        '\n',
      ),
    },
    {
      name: 'Any SDK, gRPC',
      lead: 'The same over gRPC, which is the default of some SDKs.',
      text: [`export OTEL_EXPORTER_OTLP_ENDPOINT=${otlpGrpc}`, 'export OTEL_EXPORTER_OTLP_PROTOCOL=grpc'].join('\n'),
    },
    {
      name: 'Node.js',
      lead: 'Traces HTTP, databases and queues of a Node.js service without a change to it.',
      text: [
        'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
        `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} OTEL_SERVICE_NAME=my-service \\`,
        '  node --require @opentelemetry/auto-instrumentations-node/register app.js',
      ].join('\n'),
    },
    {
      name: 'Collector',
      lead: 'One more exporter beside those that a Collector has.',
      text: [
        'exporters:',
        '  otlphttp/throughline:',
        `    endpoint: ${endpoint}`,
        'service:',
        '  pipelines:',
        '    traces:',
        '      exporters: [otlphttp/throughline]',
      ].join('\n'),
    },
    {
      name: 'curl',
      lead: 'Checks the way in with one empty request; the answer is 200.',
      text: `curl -i ${endpoint}/v1/traces -H 'content-type: application/json' -d '{}'`,
    },
  ];
}
