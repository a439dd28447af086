import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './project.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

/**
 * The browser the end-to-end tests drive: $THROUGHLINE_BROWSER, one of the system, one that Playwright downloaded, or
 * on Debian as root the package `chromium`, installed now.
 * @returns {Promise<string | undefined>} path of the executable
 */
export async function findBrowser() {
  const named = process.env.THROUGHLINE_BROWSER;
  if (named) return named;
  const found = systemBrowser() ?? playwrightBrowser();
  if (found !== undefined || !isDebianRoot()) return found;
  process.stderr.write('throughline: installing chromium by apt-get\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { output: 'stderr', env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { output: 'stderr', env });
  return systemBrowser();
}

function systemBrowser() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name)));
  const onMac = macApps.map(app => `/Applications/${app}.app/Contents/MacOS/${app}`);
  return [...onPath, ...(process.platform === 'darwin' ? onMac : [])].find(path => existsSync(path));
}

function playwrightBrowser() {
  const caches = {
    darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    win32: join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
    linux: join(homedir(), '.cache', 'ms-playwright'),
  };
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? caches[process.platform] ?? caches.linux;
  if (!existsSync(cache)) return undefined;
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-linux/headless_shell',
    'chrome-headless-shell-linux64/chrome-headless-shell',
    'chrome-win/chrome.exe',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  return readdirSync(cache)
    .filter(folder => folder.startsWith('chromium'))
    .sort()
    .reverse()
    .flatMap(folder => inside.map(path => join(cache, folder, path)))
    .find(path => existsSync(path));
}

function isDebianRoot() {
  return (
    process.getuid?.() === 0 && existsSync('/etc/debian_version') && readFileSync('/etc/debian_version', 'utf8') !== ''
  );
}
