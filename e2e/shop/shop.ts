import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Shop {
  readonly gatewayUrl: string;
  /** `service version (pid)` of each process. */
  readonly processes: () => string[];
  /** Replaces a replica of payment by another version. */
  deployPayment(replica: 1 | 2, version: PaymentVersion): Promise<void>;
  /** Stops every process after it has sent its last spans. */
  close(): Promise<void>;
}

/** 2.14.0 is the release with the fault. */
export type PaymentVersion = '2.13.2' | '2.14.0';

const VERSIONS: Record<string, string> = {
  gateway: '5.8.1',
  cart: '3.2.0',
  pricing: '1.19.4',
  inventory: '4.0.7',
  loyalty: '0.9.12',
  worker: '2.2.3',
};
const UNTRACED = new Set(['broker', 'bank']);
const STOP_DEADLINE_MS = 9_000;

/**
 * Starts the shop's processes on free ports of 127.0.0.1; their spans go to `endpoint` (the base of an OTLP/HTTP
 * receiver, without /v1/traces). Both replicas of payment run 2.13.2. With `faults: 'off'` nothing fails by chance.
 */
export async function startShop(endpoint: string, { faults = 'on' }: { faults?: 'on' | 'off' } = {}): Promise<Shop> {
  const names = ['broker', 'bank', ...Object.keys(VERSIONS), 'payment-1', 'payment-2'];
  const ports = await freePorts(names);
  const gatewayUrl = `http://127.0.0.1:${ports.gateway}`;
  const running = new Map<string, { child: ChildProcess; version: string }>();

  async function start(name: string, version: string): Promise<void> {
    const service = name.replace(/-\d$/, '');
    const preload = new URL(UNTRACED.has(name) ? 'lifetime.ts' : 'telemetry.ts', import.meta.url).href;
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--import', preload, fileURLToPath(new URL(`${service}.ts`, import.meta.url))],
      {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: {
          PATH: process.env.PATH,
          PORT: String(ports[name]),
          SHOP_PORTS: JSON.stringify(ports),
          SHOP_GATEWAY_URL: gatewayUrl,
          SHOP_BANK_URL: `http://127.0.0.1:${ports.bank}`,
          SHOP_PAYMENT_VERSION: version,
          SHOP_REPLICA: name,
          SHOP_FAULTS: faults,
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_SERVICE_NAME: service,
          OTEL_RESOURCE_ATTRIBUTES: [
            'service.namespace=shop',
            `service.version=${version}`,
            `service.instance.id=${name.replace(/-(\d)$/, '-pod-$1')}`,
            'deployment.environment.name=demo',
          ].join(','),
          OTEL_NODE_RESOURCE_DETECTORS: 'env',
          OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,undici',
          OTEL_PROPAGATORS: 'tracecontext,baggage',
          OTEL_METRICS_EXPORTER: 'none',
          OTEL_LOGS_EXPORTER: 'none',
        },
      },
    );
    running.set(name, { child, version });
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with code ${code} before it listened`);
    });
    await Promise.race([once(child, 'message'), died]);
    died.catch(() => {}); // from here on an exit is a stop
  }

  async function stop(name: string): Promise<void> {
    const child = running.get(name)?.child;
    running.delete(name);
    if (!child || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await exit;
    clearTimeout(timer);
  }

  try {
    await Promise.all(names.map(name => start(name, VERSIONS[name] ?? '2.13.2')));
  } catch (error) {
    await Promise.all([...running.keys()].map(stop));
    throw error;
  }

  return {
    gatewayUrl,
    processes: () =>
      [...running].map(
        ([name, { child, version }]) => `${name} ${UNTRACED.has(name) ? '' : `${version} `}(${child.pid})`,
      ),
    async deployPayment(replica, version) {
      await stop(`payment-${replica}`);
      await start(`payment-${replica}`, version);
    },
    async close() {
      // First those who still owe the others something: webhooks and queued messages belong to traces that began.
      await stop('bank');
      await stop('broker');
      await Promise.all([...running.keys()].map(stop));
    },
  };
}

async function freePorts(names: readonly string[]): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  const servers = await Promise.all(
    names.map(async name => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address !== null && typeof address === 'object') ports[name] = address.port;
      return server;
    }),
  );
  for (const server of servers) server.close();
  return ports;
}
