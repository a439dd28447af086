/**
 * `node e2e/sample/record.ts [--minutes 6] [--rate 6.2] [--out file]` remakes the sample that the empty page offers: the
 * shop under load while payment 2.14.0 is rolled out to one of its two replicas and, later, rolled back. Every span is
 * as the SDK sent it, except for its date: the recording is spread over one hour (`spread-times.ts`).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readSpans } from '#e2e/otlp/read-spans.ts';
import { startRecordingEndpoint } from '#e2e/otlp/recording-endpoint.ts';
import { startLoad } from '#e2e/shop/load.ts';
import { startShop } from '#e2e/shop/shop.ts';
import { spreadTimes } from './spread-times.ts';

const MOST_BYTES = 2_000_000;
const SPREAD_MINUTES = 60;
/** The incident, as parts of the recording. */
const ROLLED_OUT = 0.4;
const ROLLED_BACK = 0.65;
/** First requests are slow because everything is new; traces of this time are left out. */
const WARM_UP_MS = 15_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '6' },
    rate: { type: 'string', default: '6.2' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../public/sample/shop-incident.otlp.gz', import.meta.url)),
    },
  },
});
const recordingMs = Number(values.minutes) * 60_000;

const endpoint = await startRecordingEndpoint();
const shop = await startShop(endpoint.url);
const load = startLoad(shop.gatewayUrl, Number(values.rate));
await wait(WARM_UP_MS);
const until = (part: number) => wait(Math.max(0, startedMs + part * recordingMs - performance.now()));
const startedMs = performance.now();
const startedUnixNano = BigInt(Date.now()) * 1_000_000n;
console.log(`Recording for ${values.minutes} min at ${values.rate} requests/s …`);
await until(ROLLED_OUT);
await shop.deployPayment(2, '2.14.0');
console.log('payment 2.14.0 is on one replica');
await until(ROLLED_BACK);
await shop.deployPayment(2, '2.13.2');
console.log('payment 2.14.0 is rolled back');
await until(1);
await load.stop();
await shop.close();
await endpoint.close();

const recorded = spreadTimes(Buffer.concat(endpoint.bodies), SPREAD_MINUTES / Number(values.minutes), startedUnixNano);
const packed = gzipSync(recorded, { level: 9 });
const spans = readSpans(recorded);
const traces = new Set(spans.map(span => span.traceId)).size;
console.log(`${traces} traces, ${spans.length} spans, ${recorded.length} bytes, ${packed.length} compressed`);
if (packed.length > MOST_BYTES) {
  console.error(`More than ${MOST_BYTES} bytes: record fewer minutes or at a lower rate.`);
  process.exit(1);
}
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, packed);
console.log(`Written to ${values.out}`);
