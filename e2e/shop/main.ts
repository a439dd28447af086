/** `npm run demo [-- --help]`: the shop under load until Ctrl-C. */
import { parseArgs } from 'node:util';
import { startLoad } from './load.ts';
import { startShop } from './shop.ts';

const ENDPOINT = 'http://127.0.0.1:4318';
const HELP = `npm run demo [-- <flags>]: the services of a shop under load, until Ctrl-C

  --endpoint <url>  where spans are sent, over OTLP/HTTP (${ENDPOINT})
  --rate <number>   requests a second (5)`;

const values = readFlags();
const rate = Number(values.rate);
if (!(rate > 0)) {
  console.error(`--rate ${values.rate} is not a number of requests a second; try --rate 5`);
  process.exit(2);
}

function readFlags() {
  const flags = { endpoint: ENDPOINT, rate: '5' };
  const options = { endpoint: { type: 'string' }, rate: { type: 'string' }, help: { type: 'boolean' } } as const;
  try {
    const { help, ...given } = parseArgs({ options }).values;
    if (help !== true) return { ...flags, ...given };
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

const stopped = new Promise<void>(resolve => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});

const reachable = await fetch(`${values.endpoint}/v1/traces`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{}',
  signal: AbortSignal.timeout(2_000),
})
  .then(() => true)
  .catch(() => false);
if (!reachable)
  console.error(`Nothing answers at ${values.endpoint}. Start Throughline in another terminal: npm start`);

console.log('Starting the shop …');
const shop = await startShop(values.endpoint);
// One of two replicas has the faulty release: every second checkout of tenant acme is slow or fails.
await shop.deployPayment(2, '2.14.0');
const load = startLoad(shop.gatewayUrl, rate);
console.log(`
Running: ${shop.processes().join(', ')}
Shop:    ${shop.gatewayUrl}/products
Spans:   to ${values.endpoint}/v1/traces, about ${rate} requests a second
Look:    ${values.endpoint === ENDPOINT ? 'http://127.0.0.1:7318' : 'the page of that server'} – for example at service payment with status error, or at baggage tenant.id = acme
Stop:    Ctrl-C`);

await stopped;
console.log('\nStopping: visits end, last spans are sent …');
const forced = new Promise<void>(resolve => process.once('SIGINT', resolve));
await Promise.race([load.stop().then(() => shop.close()), forced.then(() => shop.close())]);
console.log(`Stopped after ${[...load.answers].map(([status, count]) => `${count} × ${status}`).join(', ')}.`);
process.exit(0);
