import type { Page } from '@playwright/test';
import { jsonTrace, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { expect, idle, pressPin, spanRows, type TestServer, test } from './fixtures.ts';
import { storedTrace, withUpstream } from './upstream.ts';

const one = (label: string, startMs = Date.now() - 60_000) =>
  jsonTrace(label, startMs, [{ id: label, service: 'storefront', name: 'GET /', ms: 10 }]);

const linkTo = (server: TestServer, label: string, params: Record<string, string> = {}) =>
  `${server.url}/trace/${traceIdOf(label)}?${new URLSearchParams(params)}`;

/** Answers the question why the trace is not there. */
async function answer(page: Page, state: object): Promise<void> {
  const known = { retentionMs: 72 * 3_600_000, oldestUnixNano: undefined, lastPruned: undefined, lastPin: undefined };
  await page.route('**/api/trace-state/**', route => route.fulfill({ json: { ...known, ...state } }));
}

test.describe('a link to a trace that is not there', () => {
  test.use({ expectedErrors: /404/ });

  test('that ran just now says that it may be arriving, and shows it when it has arrived', async ({ page, server }) => {
    const now = Date.now();
    await page.goto(linkTo(server, 'late', { at: `${now - 1000}~${now}` }));
    await expect(page.getByRole('heading', { name: 'This trace may still be arriving' })).toBeVisible();
    await server.send(one('late', now));
    await expect(spanRows(page)).toHaveCount(1);
  });

  test('says what the link itself remembers', async ({ page, server }) => {
    const at = Date.now() - 3_600_000;
    await page.goto(linkTo(server, 'never', { at: `${at}~${at + 1000}`, span: '00f067aa0ba902b7', find: 'charge' }));
    await expect(page.getByRole('heading', { name: 'This trace was never seen here' })).toBeVisible();
    const facts = page.getByRole('table', { name: 'What the link itself remembers' });
    for (const text of [traceIdOf('never'), '00f067aa0ba902b7', 'charge', 'Ran within']) {
      await expect(facts).toContainText(text);
    }
    await expect(page.getByText('The store holds no spans at all')).toBeVisible();
  });

  test('without a time says what was pruned last', async ({ page, server }) => {
    const atUnixMs = Date.UTC(2026, 8, 20, 12, 32);
    const nano = (ms: number) => `${ms}000000`;
    const lastPruned = {
      segment: 1,
      fromUnixNano: nano(atUnixMs - 3_600_000),
      toUnixNano: nano(atUnixMs - 1_800_000),
      spans: 7,
      atUnixMs,
      reason: 'age',
    };
    await answer(page, { state: 'unknown', lastPruned });
    await page.goto(linkTo(server, 'untimed'));
    await expect(page.getByRole('heading', { name: 'This trace is not stored here' })).toBeVisible();
    await expect(page.getByText(/What was pruned last, at Sun 20 Sep 2026, 14:32.*ran .*13:32 – 14:02/)).toBeVisible();
  });

  test('says that its pin was removed, and when', async ({ page, server }) => {
    const atUnixMs = Date.UTC(2026, 8, 20, 12, 32);
    const id = '9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03';
    const lastPin = { id, reason: 'removed', goneUnixMs: atUnixMs, traceId: traceIdOf('unpinned'), source: 'local' };
    await answer(page, {
      state: 'unknown',
      lastPin: { ...lastPin, atUnixMs: atUnixMs - 1000, startUnixNano: '1', durationNs: 1 },
    });
    await page.goto(linkTo(server, 'unpinned'));
    await expect(page.getByRole('heading', { name: 'This trace is no longer stored' })).toBeVisible();
    await expect(
      page.getByText(/A pin kept a copy of it. Somebody removed it on Sun 20 Sep 2026, 14:32/),
    ).toBeVisible();
  });
});

withUpstream.describe('another source', () => {
  withUpstream.use({ expectedErrors: /40[04]|50[0-9]/ });

  withUpstream('that has no such trace says so, and leads to the source that has', async ({ page, server }) => {
    await server.send(one('here'));
    await page.goto(linkTo(server, 'here', { src: 'prod' }));
    await expect(page.getByText('prod-eu answered that it has no such trace')).toBeVisible();
    await page.getByRole('link', { name: /^Look in/ }).click();
    await expect(spanRows(page)).toHaveCount(1);
  });

  withUpstream('that has dropped a trace leads to the pinned copy', async ({ page, server, upstream }) => {
    await server.send(one('copied'));
    upstream.body = await storedTrace(server, traceIdOf('copied'));
    await page.goto(linkTo(server, 'copied', { src: 'prod' }));
    await idle(page);
    await pressPin(page);
    await expect(page.getByRole('button', { name: 'Pinned', exact: true })).toBeVisible();
    upstream.body = undefined;
    await page.reload();
    await page.getByRole('link', { name: 'Open the pinned copy' }).click();
    await expect(page.getByRole('note', { name: 'Pinned copy' })).toBeVisible();
    await expect(spanRows(page)).toHaveCount(1);
  });

  withUpstream('that does not answer says so, and leads to the others', async ({ page, server, upstream }) => {
    await server.send(one('here'));
    await upstream.leave();
    await page.goto(linkTo(server, 'here', { src: 'prod' }));
    await expect(page.getByRole('alert')).toContainText('prod-eu');
    await page.getByRole('link', { name: /^Look in/ }).click();
    await expect(spanRows(page)).toHaveCount(1);
  });
});
