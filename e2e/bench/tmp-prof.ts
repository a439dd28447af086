import { DuckDBInstance } from '@duckdb/node-api';
import { queries } from '#server/store/queries.ts';
import { bindParams } from '#server/store/read/sql-params.ts';

const db = await DuckDBInstance.create('/tmp/tq2/copy/throughline.duckdb', { threads: '2' });
const c = await db.connect();
const [seg] = (await c.runAndReadAll('select * from segments')).getRowObjectsJS() as any[];
const [b] = (
  await c.runAndReadAll('select min(start_ns) lo, max(start_ns+duration_ns) hi, count(*) n from spans_1')
).getRowObjectsJS() as any[];
const promoted = new Map(seg.promoted.map((k: string, i: number) => [k, `p_${i}`]));
const ref = { id: 1, minStartNs: b.lo, maxEndNs: b.hi, spanCount: Number(b.n), promoted };
let log: [number, number, string][] = [];
const run = async (sql: string, params: any = {}) => {
  const s = performance.now();
  const { values, types } = bindParams(params);
  const r = await c.runAndReadAll(sql, values, types);
  const m = performance.now();
  return [r, s, m, sql] as const;
};
const context: any = {
  baggageKeys: [],
  segments: () => [ref],
  rows: async (sql: string, p: any) => {
    const [r, s, m] = await run(sql, p);
    const o = r.getRowObjectsJS();
    log.push([m - s, performance.now() - m, sql]);
    return o;
  },
  columns: async (sql: string, p: any) => {
    const [r, s, m] = await run(sql, p);
    const o = r.getColumnsObjectJS();
    log.push([m - s, performance.now() - m, sql]);
    return o;
  },
};
const lo = b.lo - (b.lo % 1_000_000_000n),
  hi = b.hi + 1_000_000_000n;
const search = (q: string) => ['search', { q, startNs: lo, endNs: hi, limit: 20, spansPerSpanset: 3 }] as const;
const metrics = (q: string) =>
  ['metrics', { q, startNs: lo, endNs: hi, stepNs: 15_000_000_000n, exemplars: 100, maxSeries: 1000 }] as const;
const cases = {
  errors: search('{ status = error }'),
  svc: search('{ resource.service.name = "service-07" && status = error }'),
  tenant: search('{ span.tenant.id = "tenant-7" }'),
  user: search('{ span.user.id = "user-4242" }'),
  regex: search('{ span.http.route =~ ".*resource-1[0-3]" }'),
  desc: search('{ resource.service.name = "service-03" } >> { status = error }'),
  rate: metrics('{} | rate() by (resource.service.name)'),
  hist: metrics('{} | histogram_over_time(duration)'),
  quant: metrics('{} | quantile_over_time(duration, .5, .9, .99) by (resource.service.name)'),
  ratestruct: metrics('{ resource.service.name = "service-03" } >> { status = error } | rate()'),
  rateuser: metrics('{} | rate() by (span.user.id)'),
  ratethread: metrics('{} | rate() by (span.thread.id)'),
  rateroot: metrics('{} | rate() by (rootServiceName)'),
  avgthread: metrics('{} | avg_over_time(span.thread.id)'),
  compare: ['metrics', { ...metrics('{} | compare({status=error})')[1], stepNs: undefined }] as const,
  comparerange: metrics('{} | compare({status=error})'),
  tags: ['tags', { scope: undefined, q: '', startNs: lo, endNs: hi, limit: 0 }] as const,
  values: ['tagValues', { tag: 'span.user.id', q: '', startNs: lo, endNs: hi, limit: 0 }] as const,
  count: ['count', { q: '{ status = error }', startNs: lo, endNs: hi }] as const,
} as const;
const only = process.argv[2]?.split(',');
for (const [name, [kind, args]] of Object.entries(cases)) {
  if (only && !only.includes(name)) continue;
  let best = Infinity;
  let bestLog = log;
  let size = 0;
  for (let i = 0; i < (only ? 20 : 8); i++) {
    log = [];
    const s = performance.now();
    const a: any = await (queries as any)[kind](context, args);
    const ms = performance.now() - s;
    if (!a.ok && a.message) {
      console.log(name, a.message);
      break;
    }
    if (ms < best) {
      best = ms;
      bestLog = log;
      size = JSON.stringify(a, (_, v) => (typeof v === 'bigint' ? String(v) : v)).length;
    }
  }
  console.log(
    `${name.padEnd(12)} ${best.toFixed(1)} ms, ${bestLog.length} statements, sql ${bestLog.reduce((a, x) => a + x[0], 0).toFixed(1)} + convert ${bestLog.reduce((a, x) => a + x[1], 0).toFixed(1)}, ${size} B`,
  );
  if (only)
    for (const [a, d, sql] of bestLog)
      console.log('   ', a.toFixed(1), d.toFixed(1), sql.replace(/\s+/g, ' ').slice(0, 260));
}
