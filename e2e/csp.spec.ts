import { request as httpRequest } from 'node:http';
import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, idle, openTrace, results, spanRows, test } from './fixtures.ts';

const HOSTILE = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '"><svg onload=window.pwned=1>',
  "'-alert(1)-'",
  'javascript:window.pwned=1',
  '\tjava\nscript:window.pwned=1',
  'data:text/html,<script>window.pwned=1</script>',
  '{{constructor.constructor("window.pwned=1")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the payload is meant literally
  '${window.pwned=1}',
  '</title><style>*{display:none}</style>',
  '__proto__',
];
const everything = HOSTILE.join(' ');

/** Every place of a span that holds text holds hostile text. */
function hostileTrace(): object {
  const attributes = Object.fromEntries(
    HOSTILE.flatMap(text => [
      [text, text],
      [`list ${text}`, [text, { [text]: text }]],
    ]),
  );
  return jsonTrace(
    'hostile',
    Date.now() - 60_000,
    [
      {
        id: 'root',
        service: everything,
        name: everything,
        ms: 100,
        error: everything,
        attributes: { ...attributes, 'http.request.header.baggage': [`tenant.id=${encodeURIComponent(everything)}`] },
        events: [
          {
            name: 'exception',
            at: 20,
            attributes: {
              'exception.type': everything,
              'exception.message': everything,
              'exception.stacktrace': everything,
            },
          },
          { name: everything, at: 30, attributes },
        ],
        links: [{ traceId: traceIdOf('other'), spanId: spanIdOf('other'), attributes }],
        raw: { traceState: 'vendor=<script>window.pwned=1</script>' },
      },
      ...HOSTILE.map((text, i) => ({
        id: `child ${i}`,
        parent: 'root',
        service: text,
        name: text,
        at: i,
        ms: 5,
        attributes: { 'tenant.id': text },
      })),
    ],
    attributes,
  );
}

const pwned = (page: import('@playwright/test').Page) => page.evaluate(() => 'pwned' in window);

// The page fixture fails each of these tests on any policy violation, script error or console error.
test('hostile text in every field stays text on every page', async ({ page, server }) => {
  await server.send(hostileTrace());
  await explore(page, server);
  await expect(results(page, traceIdOf('hostile'))).toContainText('<script>window.pwned=1</script>');
  await results(page, traceIdOf('hostile')).hover();
  await openTrace(page, server, traceIdOf('hostile'), { span: spanIdOf('root') });
  const details = page.getByRole('complementary');
  await expect(details).toContainText('<img src=x onerror="window.pwned=1">');
  for (const tab of await details.getByRole('tab').all()) {
    await tab.click();
    await idle(page);
    expect(await pwned(page)).toBe(false);
  }
  for (const row of await spanRows(page).all()) {
    await row.hover();
    await row.click();
    await idle(page);
  }
  const links = await page
    .getByRole('link')
    .evaluateAll(elements => elements.map(element => (element as HTMLAnchorElement).protocol));
  expect(links.filter(protocol => !['http:', 'https:', 'mailto:'].includes(protocol))).toEqual([]);
  expect(await pwned(page)).toBe(false);
});

test('hostile text in the URL stays text', async ({ page, server }) => {
  await server.send(hostileTrace());
  for (const text of HOSTILE) {
    const q = `{ name = ${JSON.stringify(text)} }`;
    await explore(page, server, { q, tz: text, sort: text });
    await expect(results(page, traceIdOf('hostile'))).toBeVisible();
    await openTrace(page, server, traceIdOf('hostile'), { span: text, find: text, src: text });
    expect(await pwned(page)).toBe(false);
  }
});

test('every reply of the interface carries the policy', async ({ page, server }) => {
  const policies = new Map<string, string>();
  page.on('response', response => {
    if (new URL(response.url()).pathname === '/' || response.url().includes('/trace/'))
      policies.set(response.url(), response.headers()['content-security-policy'] ?? '');
  });
  await server.send(hostileTrace());
  await explore(page, server);
  await openTrace(page, server, traceIdOf('hostile'));
  expect(policies.size).toBe(2);
  for (const policy of policies.values())
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "require-trusted-types-for 'script'",
      'trusted-types app-worker',
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(rule);
});

test('the policy is in force: inline script, eval and foreign hosts are refused', async ({ browser, server }) => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const refused = await page.evaluate(async () => {
    // Code run by the debugger itself may use eval; what a timer starts is the page's own.
    await new Promise(resolve => setTimeout(resolve));
    const outcome: Record<string, boolean> = {};
    const attempt = async (name: string, work: () => unknown) => {
      try {
        await work();
        outcome[name] = false;
      } catch {
        outcome[name] = true;
      }
    };
    await attempt('innerHTML', () => {
      // biome-ignore lint/plugin: the policy must refuse it
      document.body.appendChild(document.createElement('div')).innerHTML = '<b>x</b>';
    });
    // biome-ignore lint/security/noGlobalEval: the policy must refuse it
    await attempt('eval', () => eval('1'));
    await attempt('foreign host', () => fetch('http://127.0.0.1:9/'));
    const script = document.createElement('script');
    await attempt('inline script', () => {
      script.textContent = 'window.pwned=1';
      document.body.append(script);
      if ('pwned' in window) return;
      throw new Error('refused');
    });
    return outcome;
  });
  await page.close();
  expect(refused).toEqual({ innerHTML: true, eval: true, 'foreign host': true, 'inline script': true });
});

test('a foreign Host header is refused on both ports', async ({ server }) => {
  const ask = (url: string, host: string, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest(url, { method, headers: { host, 'content-type': 'application/json' } }, response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end(method === 'POST' ? '{}' : undefined);
    });
  const ui = new URL(server.url);
  const otlp = new URL('/v1/traces', server.otlpUrl);
  for (const host of ['evil.example', `evil.example:${ui.port}`, 'localhost.evil.example', '127.0.0.1.evil.example']) {
    expect([403, 421]).toContain(await ask(ui.href, host));
    expect([403, 421]).toContain(await ask(`${ui.origin}/api/status`, host));
    expect([403, 421]).toContain(await ask(otlp.href, host, 'POST'));
  }
  for (const host of [ui.host, `localhost:${ui.port}`, `[::1]:${ui.port}`]) expect(await ask(ui.href, host)).toBe(200);
});
