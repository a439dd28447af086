import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#server/store/open/database.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { makeTempDir, removeDir } from '#server/store/testing/open-core.ts';
import { QueryRunner } from './query-runner.ts';

let dir: string;
let database: Database;

beforeAll(async () => {
  dir = makeTempDir();
  database = await Database.open({ dataDir: dir, memoryLimit: '256MB' });
});

afterAll(() => {
  database.close();
  removeDir(dir);
});

function runner(): QueryRunner {
  return new QueryRunner({ baggageKeys: [], segments: () => [], quarantine: async () => false }, database.readers);
}

const LONG_MS = 60_000;
const endless = (context: QueryContext) =>
  context.rows('select count(*) from range(10_000_000) a, range(10_000_000) b');
const short = (context: QueryContext) => context.rows('select 1 as one');

describe('QueryRunner', () => {
  it('interrupts a query at its deadline and frees its connection', async () => {
    const queries = runner();
    const stopped = await Promise.allSettled([queries.run(1, endless, 20), queries.run(2, endless, 20)]);
    for (const each of stopped) expect(each).toMatchObject({ reason: { name: 'QueryStopped', reason: 'deadline' } });
    expect(await queries.run(3, short, LONG_MS)).toEqual([{ one: 1 }]);
  });

  it('ends a query that needs more memory than there is, and only that', async () => {
    const queries = runner();
    const greedy = (context: QueryContext) => context.rows('select list(i) as everything from range(100_000_000) r(i)');
    await expect(queries.run(1, greedy, LONG_MS)).rejects.toMatchObject({ name: 'QueryStopped', reason: 'memory' });
    expect(await queries.run(2, short, LONG_MS)).toEqual([{ one: 1 }]);
  });

  it('forgets what queries remember with the database that they remember it of', async () => {
    const queries = runner();
    const remember = async ({ memory }: QueryContext) => memory.size + memory.set('block 7 of segment 3', 'old').size;
    expect(await queries.run(1, remember, LONG_MS)).toBe(1);
    expect(await queries.run(2, remember, LONG_MS)).toBe(2);
    queries.replaceConnections(database.readers);
    expect(await queries.run(3, remember, LONG_MS)).toBe(1);
  });

  it('runs two at a time; one that waits can be given up, and takes its turn otherwise', async () => {
    const queries = runner();
    const running = [queries.run(1, endless, LONG_MS), queries.run(2, endless, LONG_MS)];
    for (const each of running) each.catch(() => undefined);
    const waiting = queries.run(3, short, LONG_MS);
    const given = queries.run(4, short, LONG_MS);
    queries.stop(4, 'aborted');
    await expect(given).rejects.toMatchObject({ reason: 'aborted' });
    queries.stop(1, 'aborted');
    expect(await waiting).toEqual([{ one: 1 }]);
    queries.stopAll('closed');
    expect(await Promise.allSettled(running)).toMatchObject([
      { status: 'rejected', reason: { reason: 'aborted' } },
      { status: 'rejected', reason: { reason: 'closed' } },
    ]);
    await queries.idle();
  });

  it('refuses what would wait behind too many', async () => {
    const queries = runner();
    const many = Array.from({ length: 80 }, (_, i) =>
      queries.run(i, endless, LONG_MS).catch((cause: unknown) => cause),
    );
    expect(await many[79]).toMatchObject({ reason: 'busy' });
    queries.stopAll('closed');
    await Promise.all(many);
  });

  it('binds parameters by name in the type that holds them, as values and never as SQL', async () => {
    const found = await runner().run(
      1,
      context =>
        context.rows(
          `select $text as text, $id::uhugeint as id, typeof($int) as int, typeof($big) as big, list_sum($list) as total,
           $none is null as none, $quote = ''' or 1=1 --' as same, typeof($half) as half`,
          {
            text: '%_\u0000ü',
            id: 2n ** 128n - 1n,
            int: 7,
            big: 2n ** 63n,
            list: [1, 2, 2 ** 40],
            none: undefined,
            quote: "' or 1=1 --",
            half: 0.5,
          },
        ),
      LONG_MS,
    );
    expect(found).toEqual([
      {
        text: '%_\u0000ü',
        id: 2n ** 128n - 1n,
        int: 'INTEGER',
        big: 'UBIGINT',
        total: 2n ** 40n + 3n,
        none: true,
        same: true,
        half: 'DOUBLE',
      },
    ]);
  });

  it('cannot be used to reach files', async () => {
    const reads = (sql: string) => runner().run(1, context => context.rows(sql), LONG_MS);
    await expect(reads("select * from read_text('/etc/passwd')")).rejects.toThrow(/disabled|Permission/);
    await expect(reads("select * from glob('/*')")).rejects.toThrow(/disabled|Permission/);
    await expect(reads('set threads = 1')).rejects.toThrow(/configuration/);
  });

  it('reads long results column by column: numbers by whole vectors, values as JavaScript has them', async () => {
    const table = await runner().run(
      1,
      context =>
        context.table(
          `select i::double / 2 as half, i::bigint as whole, 'n' || i as name, case when i % 2 = 0 then [i::integer] end as list
           from range(5000) r(i)`,
        ),
      LONG_MS,
    );
    expect(table.count).toBe(5000);
    expect(table.numbers('half')).toEqual(Float64Array.from({ length: 5000 }, (_, i) => i / 2));
    expect(table.values('whole').slice(4998)).toEqual([4998n, 4999n]);
    expect(table.values('name').slice(4998)).toEqual(['n4998', 'n4999']);
    expect(table.values('list').slice(4998)).toEqual([[4998], null]);
    expect(() => table.numbers('whole')).toThrow('whole is not a DOUBLE');
  });
});
