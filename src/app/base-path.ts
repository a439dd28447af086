/**
 * The path that the app is served under, with slashes at both ends. The bundle is built with relative addresses and
 * lies in <base>/assets/, so its own address tells where the base is; the dev server says it outright.
 */
export function basePath(): string {
  if (import.meta.env.DEV) return import.meta.env.BASE_URL;
  return basePathOf(import.meta.url);
}

/** `https://host/tools/throughline/assets/main-x.js` lies under `/tools/throughline/`. */
export function basePathOf(moduleUrl: string): string {
  return new URL(moduleUrl).pathname.replace(/assets\/[^/]*$/, '');
}
