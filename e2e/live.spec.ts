import { jsonTrace, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, explore, results, type TestServer, test } from './fixtures.ts';

const send = (server: TestServer, label: string) =>
  server.send(jsonTrace(label, Date.now(), [{ id: label, service: 'storefront', name: 'GET /' }]));

/** So many traces in one request. */
async function burst(server: TestServer, count: number): Promise<void> {
  const traces = Array.from({ length: count }, (_, i) =>
    jsonTrace(`burst ${i}`, Date.now() - i, [{ id: `burst ${i}`, service: 'storefront', name: 'GET /' }]),
  ) as { resourceSpans: object[] }[];
  await server.send({ resourceSpans: traces.flatMap(trace => trace.resourceSpans) });
}

test('the list holds still while it is pointed at, and follows again', async ({ page, server }) => {
  await send(server, 'first');
  await explore(page, server, { live: '1' });
  await results(page, traceIdOf('first')).hover();
  await expect(page.getByText('Live, paused while you read')).toBeVisible();
  await send(server, 'second');
  const refreshed = page.waitForRequest(/\/api\/search\?/, { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
  expect(await refreshed).toBe(false);
  await expect(results(page)).toHaveCount(1);
  await page.mouse.move(5, 5);
  await expect(results(page).first()).toHaveAttribute('data-trace-id', traceIdOf('second'));
});

test('a burst is cut to what can be read, said, and listed when asked for', async ({ page, server }) => {
  await send(server, 'first');
  await explore(page, server, { live: '1' });
  await expect(results(page)).toHaveCount(1);
  await burst(server, 190);
  const rest = page.getByRole('button', { name: /^List \d+ that came too fast$/ });
  await expect(rest).toBeVisible();
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '192');
  await rest.press('Enter');
  await expect(rest).toHaveCount(0);
});
