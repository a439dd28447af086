import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, browserPath } from './browser-path.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  globalSetup: './build-ui.ts',
  timeout: 60_000,
  // Browser, server and shop share the machine: one test at a time keeps timings true. A test that fails once is red.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: await browserPath(), args: BROWSER_FLAGS },
  },
});
