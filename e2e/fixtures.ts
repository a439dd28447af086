import { test as base, expect, type Page } from '@playwright/test';
import { send } from '#e2e/otlp/send.ts';
import { CODE_CACHE, ServerPool } from './server-pool.ts';
import { type ServerProcess, startServer } from './server-process.ts';

export { expect };

export interface TestServer {
  /** Base of the user interface; the ports stay the same over a restart. */
  readonly url: string;
  readonly otlpUrl: string;
  /** Sends one OTLP request, JSON or protobuf. */
  send(body: Uint8Array<ArrayBuffer> | object): Promise<void>;
  /** Stops the server (`stop`: SIGTERM, `kill`: SIGKILL) and leaves it down. */
  down(how: 'stop' | 'kill'): Promise<void>;
  /** Starts it again on the same data and ports. */
  up(): Promise<void>;
}

/** What the store holds. Tests that only read name it in their file: those with the same stock share a server. */
export interface Stock {
  fill(server: Pick<TestServer, 'send'>): Promise<unknown>;
}

export interface Fixtures {
  /** Undefined: a server of its own, with an empty store. */
  readonly stock: Stock | undefined;
  readonly serverFlags: readonly string[];
  readonly server: TestServer;
  /** Console errors that a test provokes, such as a failed request of a server it stopped. */
  readonly expectedErrors: RegExp;
}

const NEVER = /(?!)/;

export const test = base.extend<Fixtures, { servers: ServerPool }>({
  servers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const servers = new ServerPool();
      await use(servers);
      await servers.close();
    },
    { scope: 'worker' },
  ],

  stock: [undefined, { option: true }],
  serverFlags: [[], { option: true }],
  expectedErrors: [NEVER, { option: true }],

  server: async ({ servers, serverFlags: flags, stock }, use) => {
    if (stock !== undefined) {
      const { uiUrl, otlpUrl } = await servers.stocked(stock, ({ otlpUrl: to }) => filled(stock, to));
      return use({ url: uiUrl, otlpUrl, send: refused, down: refused, up: refused });
    }
    const { dataDir, process: like } = await servers.take(flags);
    let running: ServerProcess | undefined = like;
    await use({
      url: like.uiUrl,
      otlpUrl: like.otlpUrl,
      send: body => send(like.otlpUrl, body),
      async down(how) {
        await running?.[how]();
        running = undefined;
      },
      async up() {
        running = await startServer({ dataDir, flags, like, codeCache: CODE_CACHE });
      },
    });
    servers.giveBack(dataDir, running);
  },

  // Ends before the server does: what the page still fetches when a test ends must not meet a closed port.
  page: async ({ server, page, expectedErrors }, use) => {
    void server;
    const complaints: string[] = [];
    page.on('pageerror', error => complaints.push(`page error: ${error.stack ?? error}`));
    page.on('console', message => {
      const from = message.location().url;
      if (message.type() === 'error') complaints.push(`console: ${message.text()} (${from})`);
    });
    await page.exposeFunction('reportViolation', (text: string) => complaints.push(`security policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', event => {
        const { reportViolation } = window as unknown as { reportViolation(text: string): void };
        reportViolation(
          `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
        );
      });
    });
    await use(page);
    expect(complaints.filter(complaint => !expectedErrors.test(complaint))).toEqual([]);
  },
});

async function filled(stock: Stock, otlpUrl: string): Promise<void> {
  await stock.fill({ send: body => send(otlpUrl, body) });
}

async function refused(): Promise<never> {
  throw new Error('other tests read from this server, too: leave out the stock to have one of its own');
}

/** Waits until nothing is being fetched, decoded, laid out or drawn. */
export async function idle(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-idle', 'true');
}

export interface ExploreState {
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sort?: string;
  readonly live?: string;
  readonly tz?: string;
}

/** Opens the explore page as a link would and waits until it rests. */
export async function explore(page: Page, server: TestServer, state: ExploreState = {}): Promise<void> {
  await page.goto(`${server.url}/?${new URLSearchParams({ ...state })}`);
  await idle(page);
}

/** Opens a trace as a link would and waits until it rests. */
export async function openTrace(
  page: Page,
  server: TestServer,
  traceId: string,
  params: Record<string, string> = {},
): Promise<void> {
  await page.goto(`${server.url}/trace/${traceId}?${new URLSearchParams(params)}`);
  await idle(page);
  await expect(page.getByRole('treegrid')).toBeVisible();
}

/** Result rows, or the row of one trace. */
export const results = (page: Page, traceId?: string) =>
  page.getByRole('grid').locator(traceId === undefined ? '[data-trace-id]' : `[data-trace-id="${traceId}"]`);

/** Trace ids of the result rows on screen, from top to bottom. */
export const resultIds = (page: Page) =>
  results(page).evaluateAll(rows => rows.map(row => row.getAttribute('data-trace-id')!));

/** Span rows of the waterfall, or the row of one span. */
export const spanRows = (page: Page, spanId?: string) =>
  page.getByRole('treegrid').locator(spanId === undefined ? '[data-span-id]' : `[data-span-id="${spanId}"]`);

/** Presses the key that pins, or that shows the pins of a trace that has some, once it is known which. */
export async function pressPin(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^(Pin|Pinned)$/ })).toBeEnabled();
  await page.keyboard.press('p');
}
