import { gzipSync } from 'node:zlib';
import type { Frame, Page } from '@playwright/test';
import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expectAccessible } from './expect-accessible.ts';
import { test as base, expect } from './fixtures.ts';
import { type HostPages, startHostPages } from './host-page.ts';
import { perWorker } from './per-worker.ts';

// A page of another origin frames each panel and drives it.
const test = base.extend<object, { host: HostPages; stranger: HostPages }>({
  host: perWorker(startHostPages),
  stranger: perWorker(startHostPages),
  serverFlags: async ({ host }, use) => use(['--frame-ancestors', host.origin]),
});

const TRACE = traceIdOf('embedded');
const ROOT = spanIdOf('root');
const PAY = spanIdOf('pay');

const embedded = () =>
  jsonTrace('embedded', Date.now() - 60_000, [
    { id: 'root', service: 'storefront', name: 'POST /api/checkout', ms: 900 },
    { id: 'cart', parent: 'root', service: 'cart', name: 'GET /cart', at: 5, ms: 60 },
    { id: 'pay', parent: 'root', service: 'payment', name: 'POST /pay', at: 80, ms: 800, error: 'declined' },
    { id: 'charge', parent: 'pay', service: 'payment', name: 'POST /charge', at: 100, ms: 700 },
  ]);

/** Collects what panels say to the page, and can say something to the frame with id `f`. */
const HOST_SCRIPT = `<script>
  window.heard = [];
  addEventListener('message', event => heard.push({ origin: event.origin, ...event.data }));
  window.say = (message, origin) => document.getElementById('f').contentWindow.postMessage(message, origin);
</script>`;

const framed = (src: string, size = 'width="640" height="360"') =>
  `<html lang="en"><title>Wiki</title>${HOST_SCRIPT}<iframe id="f" title="Panel" ${size} src="${src}"></iframe>`;

type Heard = { origin: string; type: string; [key: string]: unknown };
const heard = (page: Page, type?: string) =>
  page.evaluate(
    wanted => (window as unknown as { heard: Heard[] }).heard.filter(each => !wanted || each.type === wanted),
    type,
  );
const say = (page: Page, message: unknown, origin: string) =>
  page.evaluate(
    ([data, target]) => (window as unknown as { say(data: unknown, target: string): void }).say(data, target as string),
    [message, origin] as const,
  );

async function panelFrame(page: Page): Promise<Frame> {
  const element = await page.waitForSelector('iframe');
  const frame = await element.contentFrame();
  if (frame === null) throw new Error('the frame has no document');
  await expect(frame.locator('html')).toHaveAttribute('data-idle', 'true');
  return frame;
}

test.describe('each panel, framed by a page of another origin', () => {
  test('a trace: bars, header, time, and a link that carries the state', async ({ page, server, host }) => {
    await server.send(embedded());
    await page.goto(host.page(framed(`${server.url}/embed/trace/${TRACE}?span=${PAY}&hide=details`)));
    const frame = await panelFrame(page);
    await expect(frame.getByRole('treegrid').locator('[data-span-id]')).toHaveCount(4);
    await expect(frame.getByRole('heading', { level: 1 })).toContainText('POST /api/checkout');
    await expect(frame.locator('.pn-facts')).toContainText('1 error');
    await expect(frame.locator('.pn-foot')).toContainText(/\d{4}, \d\d:\d\d:\d\d/);
    const link = await frame.getByRole('link', { name: 'Open in Throughline' }).getAttribute('href');
    expect(link).toBe(`/trace/${TRACE}?span=${PAY}`);
    await expectAccessible(page);
  });

  test('a search, a heatmap and a graph', async ({ page, server, host }) => {
    await server.send(embedded());
    const q = encodeURIComponent('{ resource.service.name = "payment" }');
    await page.goto(host.page(framed(`${server.url}/embed/search?q=${q}`)));
    let frame = await panelFrame(page);
    await expect(frame.getByRole('grid').locator(`[data-trace-id="${TRACE}"]`)).toBeVisible();
    await expect(frame.getByRole('heading', { level: 1 })).toContainText('payment');
    await expectAccessible(page);
    await page.goto(host.page(framed(`${server.url}/embed/heatmap?q=${q}&of=spans`)));
    frame = await panelFrame(page);
    await expect(frame.getByRole('application', { name: 'Latency heatmap' })).toBeVisible();
    await expect(frame.locator('.pn-facts')).toContainText('2 spans');
    await expectAccessible(page);
    await page.goto(host.page(framed(`${server.url}/embed/graph?focus=1~s~storefront`)));
    frame = await panelFrame(page);
    await expect(frame.getByRole('application', { name: /Service graph, 3 nodes/ })).toBeVisible();
    await expect(frame.getByRole('heading', { level: 1 })).toContainText('Around storefront');
    await expectAccessible(page);
  });

  test('where there is nothing to show, a panel says so and stays a panel', async ({ page, server, host }) => {
    await server.send(embedded());
    const said: [string, string][] = [
      [`trace/${traceIdOf('nobody')}`, 'This trace is not stored here'],
      ['trace/nonsense', 'This is not a trace id'],
      [`search?q=${encodeURIComponent('{ name = "nobody" }')}`, 'No trace matches'],
      [`search?q=${encodeURIComponent('{ name = ')}`, 'The query cannot be read'],
      ['graph?from=1000&to=2000', 'No calls in this range'],
      ['nothing', 'There is no such panel'],
    ];
    for (const [path, text] of said) {
      await page.goto(host.page(framed(`${server.url}/embed/${path}`)));
      const frame = await panelFrame(page);
      await expect(frame.getByRole('heading', { name: text })).toBeVisible();
    }
  });
});

test.describe('messages', () => {
  test('theme, query, range and selection in; ready, size, selection and open out', async ({ page, server, host }) => {
    await server.send(embedded());
    await page.goto(host.page(framed(`${server.url}/embed/trace/${TRACE}?open=host&hide=details`)));
    const frame = await panelFrame(page);
    const target = new URL(server.url).origin;
    await expect.poll(() => heard(page, 'ready')).toEqual([{ origin: target, throughline: 1, type: 'ready' }]);
    // Header, axis, four rows, footer.
    await expect.poll(async () => (await heard(page, 'size')).at(-1)?.height).toBe(30 + 25 + 4 * 22 + 24);

    await say(page, { throughline: 1, type: 'theme', theme: 'dark' }, target);
    await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
    await say(page, { throughline: 1, type: 'select', span: PAY }, target);
    await expect(frame.locator(`[data-span-id="${PAY}"]`)).toHaveAttribute('aria-selected', 'true');
    await frame.locator(`[data-span-id="${ROOT}"]`).click();
    await expect.poll(async () => (await heard(page, 'selection')).map(({ span }) => span)).toEqual([PAY, ROOT]);
    await frame.getByRole('link', { name: 'Open in Throughline' }).click();
    await expect
      .poll(async () => (await heard(page, 'open')).map(({ url }) => url))
      .toEqual([`${server.url}/trace/${TRACE}?span=${ROOT}`]);
    expect(page.context().pages()).toHaveLength(1);

    await page.goto(host.page(framed(`${server.url}/embed/search`)));
    const search = await panelFrame(page);
    await expect(search.locator(`[data-trace-id="${TRACE}"]`)).toBeVisible();
    await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
    await say(page, { throughline: 1, type: 'query', query: '{ name = "nobody" }' }, target);
    await expect(search.getByRole('heading', { name: 'No trace matches' })).toBeVisible();
    await say(page, { throughline: 1, type: 'query', query: '' }, target);
    await expect(search.locator(`[data-trace-id="${TRACE}"]`)).toBeVisible();
    await say(page, { throughline: 1, type: 'range', from: '1000', to: '2000' }, target);
    await expect(search.getByRole('heading', { name: 'No trace matches' })).toBeVisible();
  });

  test('a heatmap and a graph are driven, too, and tell what is selected', async ({ page, server, host }) => {
    await server.send(embedded());
    const target = new URL(server.url).origin;
    await page.goto(host.page(framed(`${server.url}/embed/heatmap?of=spans`)));
    const heatmap = await panelFrame(page);
    await expect(heatmap.locator('.pn-facts')).toContainText('4 spans');
    await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
    await expect.poll(() => heard(page, 'size')).not.toHaveLength(0);
    await say(page, { throughline: 1, type: 'theme', theme: 'dark' }, target);
    await expect(heatmap.locator('html')).toHaveAttribute('data-theme', 'dark');
    await say(page, { throughline: 1, type: 'query', query: '{ resource.service.name = "payment" }' }, target);
    await expect(heatmap.locator('.pn-facts')).toContainText('2 spans');
    await heatmap.getByRole('application', { name: 'Latency heatmap' }).press('Enter');
    await expect.poll(async () => (await heard(page, 'selection')).at(-1)?.box).toMatch(/~/);
    await say(page, { throughline: 1, type: 'range', from: 'now-3h', to: 'now-2h' }, target);
    await expect(heatmap.locator('.pn-facts')).not.toContainText('2 spans');

    await page.goto(host.page(framed(`${server.url}/embed/graph?view=table`)));
    const graph = await panelFrame(page);
    await expect(graph.getByRole('heading', { level: 1 })).toContainText('Service graph');
    await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
    await say(page, { throughline: 1, type: 'theme', theme: 'light' }, target);
    await expect(graph.locator('html')).toHaveAttribute('data-theme', 'light');
    await graph.getByRole('row').filter({ hasText: 'payment' }).first().click();
    await expect.poll(async () => (await heard(page, 'selection')).at(-1)?.pick).toMatch(/payment/);
    await say(page, { throughline: 1, type: 'range', from: '1000', to: '2000' }, target);
    await expect(graph.getByRole('heading', { name: 'No calls in this range' })).toBeVisible();
  });

  test('what is too long, malformed, or from somebody else is passed over', async ({ page, server, host }) => {
    await server.send(embedded());
    await page.goto(
      host.page(
        `${framed(`${server.url}/embed/trace/${TRACE}`)}
        <iframe id="null" title="Null" sandbox="allow-scripts" srcdoc="<script>
          onmessage = () => parent.frames[0].postMessage({ throughline: 1, type: 'theme', theme: 'dark' }, '*');
        </script>"></iframe>`,
      ),
    );
    const frame = await panelFrame(page);
    const target = new URL(server.url).origin;
    await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
    const refused: unknown[] = [
      { throughline: 1, type: 'theme', theme: 'pink' },
      { throughline: 2, type: 'theme', theme: 'dark' },
      { type: 'theme', theme: 'dark' },
      { throughline: 1, type: 'theme', theme: 'dark', more: 1 },
      { throughline: 1, type: 'theme', theme: 'dark', filler: 'x'.repeat(5000) },
      { throughline: 1, type: 'query', query: `{ name = "${'x'.repeat(5000)}" }` },
      { throughline: 1, type: 'select', span: 'nonsense' },
      { throughline: 1, type: 'range', from: 'now', to: 'now-1h' },
      { throughline: 1, type: 'open', url: 'https://evil.example' },
      'theme',
      null,
      [1, 2, 3],
    ];
    for (const message of refused) await say(page, message, target);
    // A frame of no origin beside it, and the panel's own window, are not its host.
    await page.evaluate(() => {
      (document.getElementById('null') as HTMLIFrameElement).contentWindow!.postMessage('go', '*');
    });
    await frame.evaluate(() => window.postMessage({ throughline: 1, type: 'theme', theme: 'dark' }, location.origin));
    // Messages arrive in order: what is understood at last comes after all that was not.
    await say(page, { throughline: 1, type: 'select', span: PAY }, target);
    await expect(frame.locator(`[data-span-id="${PAY}"]`)).toHaveAttribute('aria-selected', 'true');
    await expect(frame.locator('html')).not.toHaveAttribute('data-theme', 'dark');
  });

  test('a window that opened a panel cannot drive it', async ({ page, server, host }) => {
    await server.send(embedded());
    await page.goto(
      host.page(
        `<title>Opener</title><button onclick="window.w = window.open('${server.url}/embed/trace/${TRACE}')">Go</button>`,
      ),
    );
    const [opened] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button').click()]);
    await expect(opened.getByRole('treegrid')).toBeVisible();
    await page.evaluate(() =>
      (window as unknown as { w: Window }).w.postMessage({ throughline: 1, type: 'theme', theme: 'dark' }, '*'),
    );
    await opened.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await expect(opened.locator('html')).not.toHaveAttribute('data-theme', 'dark');
  });
});

test.describe('who may frame', () => {
  test.use({ expectedErrors: /frame-ancestors|X-Frame-Options|Refused to|violates|csp-report/i });

  test('a page that is not configured gets nothing, nor does any page get the app itself', async ({
    page,
    server,
    host,
    stranger,
  }) => {
    await server.send(embedded());
    const refusedAt = async (address: string): Promise<string> => {
      const refusal = page.waitForEvent('console', message => /frame-ancestors|X-Frame-Options/i.test(message.text()));
      await page.goto(address);
      return (await refusal).text();
    };
    expect(await refusedAt(stranger.page(framed(`${server.url}/embed/trace/${TRACE}`)))).toContain('frame-ancestors');
    expect(await heard(page)).toEqual([]);
    expect(await refusedAt(stranger.page(framed(`${server.url}/trace/${TRACE}?uiEmbed=v0`)))).toContain(
      'frame-ancestors',
    );
    await refusedAt(host.page(framed(`${server.url}/trace/${TRACE}`)));
    await refusedAt(host.page(framed(`${server.url}/`)));
    await refusedAt(host.page(framed(`${server.url}/store?uiEmbed=v0`)));
  });
});

test.describe('Jaeger’s parameters', () => {
  test('an embed moves over by changing the host', async ({ page, server, host }) => {
    await server.send(embedded());
    const roomy = 'width="900" height="500"';
    await page.goto(host.page(framed(`${server.url}/trace/${TRACE}?uiEmbed=v0&uiFind=charge`, roomy)));
    let frame = await panelFrame(page);
    await expect(frame.getByRole('treegrid').locator('[data-span-id]')).toHaveCount(4);
    await expect(frame.locator('.wf-minimap')).toBeVisible();
    await expect(frame.locator('.pn-facts')).toBeVisible();
    await page.goto(
      host.page(
        framed(`${server.url}/trace/${TRACE}?uiEmbed=v0&uiTimelineHideMinimap=1&uiTimelineHideSummary=1`, roomy),
      ),
    );
    frame = await panelFrame(page);
    await expect(frame.getByRole('treegrid')).toBeVisible();
    await expect(frame.locator('.wf-minimap')).toHaveCount(0);
    await expect(frame.locator('.pn-facts')).toHaveCount(0);
    const tags = encodeURIComponent('{"error":"true"}');
    await page.goto(
      host.page(
        framed(`${server.url}/search?service=payment&tags=${tags}&minDuration=10ms&lookback=1h&limit=20&uiEmbed=v0`),
      ),
    );
    frame = await panelFrame(page);
    await expect(frame.locator(`[data-trace-id="${TRACE}"]`)).toBeVisible();
    await expect(frame.getByRole('link', { name: 'Open in Throughline' })).toHaveAttribute('href', /payment/);
  });
});

test.describe('<throughline-panel>', () => {
  test('frames each panel, follows its attributes and tells what happens', async ({ page, server, host }) => {
    await server.send(embedded());
    await page.goto(
      host.page(`<title>Wiki</title>
        <throughline-panel id="p" panel="trace" trace="${TRACE}" height="auto" hide="details" theme="dark"></throughline-panel>
        <script type="module">
          import { ThroughlinePanel } from '${server.url}/embed.js';
          window.heard = [];
          const panel = document.getElementById('p');
          for (const type of ['ready', 'size', 'selection', 'open'])
            panel.addEventListener(type, event => heard.push({ type, ...event.detail }));
          window.isPanel = panel instanceof ThroughlinePanel;
        </script>`),
    );
    let frame = await panelFrame(page);
    await expect(frame.getByRole('treegrid')).toBeVisible();
    await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await page.evaluate(() => (window as unknown as { isPanel: boolean }).isPanel)).toBe(true);
    const panel = page.locator('#p');
    await expect(panel).toHaveCSS('height', `${30 + 25 + 4 * 22 + 24}px`);
    await panel.evaluate((element, span) => element.setAttribute('span', span), PAY);
    await expect(frame.locator(`[data-span-id="${PAY}"]`)).toHaveAttribute('aria-selected', 'true');
    await panel.evaluate(element => element.setAttribute('theme', 'light'));
    await expect(frame.locator('html')).toHaveAttribute('data-theme', 'light');
    await expect.poll(async () => (await heard(page, 'selection')).map(({ span }) => span)).toEqual([PAY]);

    await panel.evaluate(element => {
      for (const name of ['trace', 'span']) element.removeAttribute(name);
      element.setAttribute('panel', 'search');
    });
    frame = await panelFrame(page);
    await expect(frame.locator(`[data-trace-id="${TRACE}"]`)).toBeVisible();
    await panel.evaluate(element => element.setAttribute('query', '{ name = "nobody" }'));
    await expect(frame.getByRole('heading', { name: 'No trace matches' })).toBeVisible();
    for (const [name, role] of [
      ['heatmap', 'Latency heatmap'],
      ['graph', /^Service graph/],
    ] as const) {
      await panel.evaluate((element, kind) => {
        element.removeAttribute('query');
        element.setAttribute('panel', kind);
      }, name);
      await expect(page.frameLocator('iframe').getByRole('application', { name: role })).toBeVisible();
    }

    await panel.evaluate(element => {
      const other = document.createElement('throughline-panel') as HTMLElement & { send(message: object): void };
      other.setAttribute('panel', 'search');
      element.replaceWith(other);
      other.send({ type: 'theme', theme: 'dark' });
    });
    await expect(page.frameLocator('iframe').locator('html')).toHaveAttribute('data-theme', 'dark');
  });

  test('its script is small, stands alone and comes with types', async ({ server, request }) => {
    const script = await request.get(`${server.url}/embed.js`);
    const text = await script.text();
    expect(text.length).toBeLessThanOrEqual(3 * 1024);
    expect(text).not.toMatch(/\bimport\s*[({*"'`]|\bfrom\s*["'`]\./);
    expect(script.headers()).toMatchObject({
      'content-type': expect.stringContaining('javascript'),
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
    });
    const types = await request.get(`${server.url}/embed.d.ts`);
    expect(types.headers()['content-type']).toBe('text/plain; charset=utf-8');
    expect(await types.text()).toContain('export declare class ThroughlinePanel');
  });
});

test('what a trace panel loads before its first bars is at most 180 kB of packed scripts', async ({ page, server }) => {
  await server.send(embedded());
  const sizes: Promise<number>[] = [];
  page.on('response', response => {
    if (/javascript/.test(response.headers()['content-type'] ?? '')) {
      sizes.push(response.body().then(body => gzipSync(body).byteLength));
    }
  });
  await page.goto(`${server.url}/embed/trace/${TRACE}`);
  await expect(page.getByRole('treegrid').locator('[data-span-id]')).toHaveCount(4);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThanOrEqual(180_000);
});

test('from 320 × 200 on the view stays: the header goes first, the footer last', async ({ page, server, host }) => {
  await server.send(embedded());
  const src = `${server.url}/embed/trace/${TRACE}`;
  const parts = async (size: string, params = '') => {
    await page.goto(host.page(framed(`${src}${params}`, size)));
    const frame = await panelFrame(page);
    await expect(frame.getByRole('treegrid').locator('[data-span-id]').first()).toBeInViewport();
    const heightOf = async (part: string) => (await frame.locator(part).boundingBox())?.height ?? 0;
    return [(await heightOf('.pn-head')) > 20, (await heightOf('.pn-foot')) > 20];
  };
  expect(await parts('width="640" height="360"')).toEqual([true, true]);
  expect(await parts('width="320" height="200"')).toEqual([false, true]);
  expect(await parts('width="320" height="120"')).toEqual([false, false]);
  // Who gives a panel the height it asks for sees it whole from the start.
  expect(await parts('width="320" height="120"', '?height=auto')).toEqual([true, true]);
});
