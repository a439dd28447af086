import { DuckDBInstance } from '@duckdb/node-api';

const db = await DuckDBInstance.create('/tmp/tq2/copy/throughline.duckdb', { threads: '2' });
const c = await db.connect();
const t = async (name: string, sql: string) => {
  let best = Infinity;
  let rows = 0;
  const u0 = process.cpuUsage();
  for (let i = 0; i < 12; i++) {
    const s = performance.now();
    const r = await c.runAndReadAll(sql);
    r.getColumnsObjectJS();
    best = Math.min(best, performance.now() - s);
    rows = r.currentRowCount;
  }
  const u = process.cpuUsage(u0);
  console.log(
    ((u.user + u.system) / 12000).toFixed(1).padStart(8),
    best.toFixed(1).padStart(8),
    String(rows).padStart(8),
    name,
  );
};

const S = 'spans_1';
const [lo] = (await c.runAndReadAll(`select min(start_ns) m from ${S}`)).getRowObjectsJS() as { m: bigint }[];
const low = lo.m - 10n;
const step = 15_000_000_000n;
const tb = `((s.start_ns - ${low}) // ${step})::integer`;
const w = `where s.start_ns between ${low} and ${low + 4000n * 1_000_000_000n}`;
const ids = Array.from({ length: 100 }, (_, i) => i * 5989 + 17);
await t('IN list', `select row_id, trace_id, start_ns, duration_ns from ${S} where row_id in (${ids.join(', ')})`);
await t(
  'IN list 5',
  `select row_id, trace_id, start_ns, duration_ns from ${S} where row_id in (${ids.slice(0, 5).join(', ')})`,
);
await t(
  'join values',
  `select row_id, trace_id, start_ns, duration_ns from ${S} join (select unnest([${ids.join(',')}])::bigint as r) on r = row_id`,
);
await t('eq', `select row_id, trace_id, start_ns, duration_ns from ${S} where row_id = 5000`);
await t('rate service', `select s.service, ${tb} t, count(*) n from ${S} s ${w} group by all`);
await t('rate resid', `select s.resource_id, ${tb} t, count(*) n from ${S} s ${w} group by all`);
await t(
  'rate resid +any3',
  `select s.resource_id, ${tb} t, count(*) n, any_value(trace_id), any_value(start_ns), any_value(duration_ns) from ${S} s ${w} group by all`,
);
await t('rate resid +max', `select s.resource_id, ${tb} t, count(*) n, max(row_id) from ${S} s ${w} group by all`);
await t(
  'rate resid +max_by',
  `select s.resource_id, ${tb} t, count(*) n, max_by(row_id, duration_ns) from ${S} s ${w} group by all`,
);
await t(
  'quant',
  `select s.resource_id, ceil(log2(s.duration_ns))::integer b, ${tb} t, count(*) n from ${S} s ${w} and s.duration_ns >= 2 group by all`,
);
await t(
  'quant small',
  `select s.resource_id, ceil(log2(s.duration_ns))::utinyint b, ${tb}::usmallint t, count(*) n from ${S} s ${w} and s.duration_ns >= 2 group by all`,
);
await t(
  'quant list',
  `select s.resource_id, ${tb}::usmallint t, histogram(ceil(log2(s.duration_ns))::utinyint) n from ${S} s ${w} and s.duration_ns >= 2 group by all`,
);
await t(
  'quant +max',
  `select s.resource_id, ceil(log2(s.duration_ns))::utinyint b, ${tb}::usmallint t, count(*) n, max(row_id) from ${S} s ${w} and s.duration_ns >= 2 group by all`,
);
const [tid] = (
  await c.runAndReadAll(
    `select list(distinct trace_id)[1:60] l from ${S} where status = 2 and start_ns > ${low + 3400n * 1_000_000_000n}`,
  )
).getRowObjectsJS() as any[];
await t(
  'trace IN 60',
  `select row_id, trace_id, span_id, parent_span_id, start_ns, duration_ns, name, service, kind, status, resource_id, scope_id from ${S} where trace_id in (${tid.l.map((x: bigint) => x + '::uhugeint').join(',')}) order by row_id`,
);
await t(
  'trace IN 60 row_id only',
  `select row_id from ${S} where trace_id in (${tid.l.map((x: bigint) => x + '::uhugeint').join(',')})`,
);
await t('trace IN 1 row_id only', `select row_id from ${S} where trace_id = ${tid.l[0]}::uhugeint`);
await t(
  'trace IN 60 hashed',
  `select row_id from ${S} where (trace_id & 18446744073709551615::uhugeint)::ubigint in (${tid.l.map((x: bigint) => x & 0xffffffffffffffffn).join(',')})`,
);
await t('scan trace_id min', `select max(trace_id) from ${S}`);
await t(
  'values now',
  `select distinct type, str, int, num, strs, nums, 0 as n from attr_values_1 where scope = 0 and key = 'user.id'`,
);
await t(
  'values scalar',
  `select distinct type, str, int, num from attr_values_1 where scope = 0 and key = 'user.id' and type between 1 and 4`,
);
await t('values str', `select distinct str from attr_values_1 where scope = 0 and key = 'user.id' and type = 1`);
