/** The Chromium or Chrome that tests and bench drive, found as `npm test` finds it. Throws if there is none. */
export async function browserPath(): Promise<string> {
  const { findBrowser } = (await import(new URL('../.tools/browser.mjs', import.meta.url).href)) as {
    findBrowser(): Promise<string | undefined>;
  };
  const path = await findBrowser();
  if (path === undefined) throw new Error('no Chromium or Chrome found; name one: THROUGHLINE_BROWSER=/path/to/chrome');
  return path;
}

/** No GPU, no sandbox (containers), and nothing that reaches for the network. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
