import { readFileSync, statSync } from 'node:fs';

/**
 * A built HTML document as this server sends it, or undefined where there is none. It is read again when it was built anew,
 * and kept as it was while it is gone. Its files are named relative to the
 * folder it lies in; here they are named relative to the address asked for, so that a proxy may put the server under any
 * path. As it lies on the disk it is the static form, which no server stands behind.
 */
export function readPage(file: string): ((url: string) => string) | undefined {
  let document = '';
  let writtenMs: number | undefined;
  const refresh = () => {
    const mtimeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (mtimeMs === undefined || mtimeMs === writtenMs) return;
    document = readFileSync(file, 'utf8').replace('content="static"', 'content="server"');
    writtenMs = mtimeMs;
  };
  refresh();
  if (writtenMs === undefined) return undefined;
  return url => {
    refresh();
    return document.replaceAll('="./', `="${upFrom(url)}`);
  };
}

/** From `/trace/7f3c…` to the folder that all paths begin in: `../`. */
function upFrom(url: string): string {
  const depth = url.split('?', 1)[0].split('/').length - 2;
  return depth <= 0 ? './' : '../'.repeat(depth);
}
