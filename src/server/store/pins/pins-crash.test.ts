import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { PinAnswer } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { StoreCore } from '#server/store/store-core.ts';
import { spanCount } from '#server/store/testing/kill-loop.ts';
import { makeTempDir, openCore, removeDir, select } from '#server/store/testing/open-core.ts';

const KILLS = 4;
const SPANS = 20;
const script = fileURLToPath(new URL('../testing/pin-until-killed.ts', import.meta.url));

/** Last thing that was said of each pin before the process was killed, which is after `lines` of them. */
async function killOne(dataDir: string, first: number, lines: number): Promise<Map<string, [string, number]>> {
  const child = spawn(process.execPath, [script, dataDir, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = new Map<string, [string, number]>();
  const exited = once(child, 'exit');
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [state, id, number] = line.split(' ');
    said.set(id, [state, Number(number)]);
    if (++seen === lines) child.kill('SIGKILL');
  }
  await exited;
  return said;
}

async function expectKept(core: StoreCore, said: ReadonlyMap<string, [string, number]>): Promise<void> {
  for (const [pin, [state, number]] of said) {
    const answer = (await core.pins(1, { do: 'find', pin })) as PinAnswer | undefined;
    if (state === 'gone') expect(answer?.state, `pin ${pin} was removed`).toBe('gone');
    // Its removal may have been under way.
    else if (number % 4 !== 0 || answer?.state === 'kept') {
      expect(answer?.state, `pin ${pin} was answered`).toBe('kept');
      const copy = (await core.pins(1, { do: 'trace', pin })) as Uint8Array | undefined;
      expect(spanCount(copy)).toBe(SPANS);
      // What retention dropped was moved in the same transaction.
      expect(spanCount(await core.trace(1, number.toString(16).padStart(32, '0') as TraceId))).toBe(SPANS);
    }
  }
}

it('a kill at a random moment loses no pin that was answered, tears none, and brings none back that was removed', async () => {
  const dir = makeTempDir();
  const all = new Map<string, [string, number]>();
  let pruned = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await killOne(dir, (kill + 1) * 100_000, 15 + Math.floor(Math.random() * 25));
    for (const [pin, state] of said) all.set(pin, state);
    const { core, notices } = await openCore(dir);
    expect(notices).toEqual([]);
    expect(core.status().spans % SPANS).toBe(0);
    const parts = await select(
      core,
      'select pin, sum(octet_length(bytes))::bigint as bytes from pin_parts group by pin order by pin',
    );
    const pins = await select(core, 'select id as pin, bytes from pins where gone_unix_ms is null order by id');
    expect(parts).toEqual(pins);
    await expectKept(core, kill === KILLS - 1 ? all : said);
    pruned = (await core.figures(1)).retention.pruned.length;
    await core.close();
  }
  expect(all.size).toBeGreaterThan(KILLS);
  expect(pruned).toBeGreaterThan(0);
  removeDir(dir);
}, 180_000);
