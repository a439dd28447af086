import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitTransaction } from './commit-transaction.ts';
import { Database } from './open/database.ts';
import { makeTempDir, removeDir } from './testing/open-core.ts';

let dir: string;
let database: Database;

beforeEach(async () => {
  dir = makeTempDir();
  database = await Database.open({ dataDir: dir, memoryLimit: '256MB' });
  await database.write.run('create table numbers (n integer)');
});

afterEach(() => {
  database.close();
  removeDir(dir);
});

async function numbers(): Promise<unknown[]> {
  return (await database.pointReader.runAndReadAll('select n from numbers order by n')).getRows().flat();
}

describe.each([true, false])('commitTransaction, nothing else at work: %s', isAlone => {
  it('resolves when others can read what was written', async () => {
    for (const n of [1, 2, 3]) {
      await database.write.run('begin');
      await database.write.run(`insert into numbers values (${n})`);
      expect(await numbers()).toHaveLength(n - 1);
      await commitTransaction(database.write, isAlone);
      expect(await numbers()).toHaveLength(n);
    }
  });

  it('rejects with the reason where it cannot', async () => {
    await expect(commitTransaction(database.write, isAlone)).rejects.toThrow('no transaction is active');
    await database.write.run('begin');
    await database.write.run('drop table numbers');
    await database.pointReader.run('begin');
    await database.pointReader.run('insert into numbers values (9)');
    await commitTransaction(database.write, isAlone);
    await expect(commitTransaction(database.pointReader, isAlone)).rejects.toThrow();
    expect(await database.write.run('select 1')).toBeDefined();
  });

  it('does not wait for a long query', async () => {
    const long = database.readers[0].run('select count(*) from range(10_000_000) a, range(10_000_000) b');
    long.catch(() => undefined);
    await database.write.run('begin');
    await database.write.run('insert into numbers values (1)');
    await commitTransaction(database.write, isAlone);
    expect(await numbers()).toEqual([1]);
    database.readers[0].interrupt();
    await expect(long).rejects.toThrow(/interrupt/i);
  });
});
