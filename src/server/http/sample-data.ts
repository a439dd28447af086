import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { err, ok, type Result } from '#domain/result.ts';

const FILE = 'sample/shop-incident.otlp.gz';
/** Far above the real file; a guard against a wrong one. */
const MAX_BYTES = 256 * 2 ** 20;

/** The recorded traces that come with the package (OTLP protobuf), unpacked. The bytes own their buffer. */
export function readSample(packageRoot: string): Result<Uint8Array, string> {
  const path = ['dist/ui', 'public']
    .map(folder => join(packageRoot, folder, FILE))
    .find(candidate => existsSync(candidate));
  if (path === undefined) return err('this build carries no sample traces');
  return ok(Uint8Array.from(gunzipSync(readFileSync(path), { maxOutputLength: MAX_BYTES })));
}
