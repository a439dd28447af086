import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PackageInfo {
  /** Folder of our package.json: the repository, or the installed package. */
  readonly root: string;
  readonly version: string;
}

/** Found by walking up, because the server runs both from src/server and bundled from dist/server. */
export function packageInfo(from: string = import.meta.url): PackageInfo {
  for (let folder = dirname(fileURLToPath(from)); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    if (name === 'throughline') return { root: folder, version: version ?? '0.0.0' };
  }
  throw new Error('package.json of throughline not found above the server');
}
