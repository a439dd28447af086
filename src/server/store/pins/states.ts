import { createHash } from 'node:crypto';
import type { StoredState } from '#domain/api/pin-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { messageOf } from '#server/store/fault.ts';
import { bindParams } from '#server/store/read/sql-params.ts';
import type { PinsHost } from './pins.ts';

const DAY_MS = 86_400_000;
/** Counted from when it was stored last. */
const KEPT_MS = 400 * DAY_MS;
/** All together. A state is a few kB: tens of thousands of them. */
const MAX_BYTES = 256 * 2 ** 20;

/** URL states too long for a link, by the hash of their text: the same state is stored once. */
export class States {
  readonly #host: PinsHost;

  constructor(host: PinsHost) {
    this.#host = host;
  }

  /** Committed when it resolves. The error is one sentence. */
  async keep(text: string): Promise<Result<StoredState, string>> {
    const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
    let refusal: string | undefined;
    try {
      await this.#host.exclusively(async () => {
        const { connections, disk, options } = this.#host.store;
        disk.check();
        const now = options.nowMs();
        const known = await connections.write.runAndReadAll('select stored_unix_ms from states where id = $id', { id });
        const storedMs = known.getRows()[0]?.[0];
        if (storedMs !== undefined && now - Number(storedMs) < DAY_MS) return;
        refusal = disk.low;
        if (refusal !== undefined) return;
        if (storedMs !== undefined)
          return await this.#run('update states set stored_unix_ms = $now where id = $id', { id, now });
        const used = await connections.write.runAndReadAll('select coalesce(sum(strlen(text)), 0)::double from states');
        if (Number(used.getRows()[0][0]) + Buffer.byteLength(text) > MAX_BYTES) {
          refusal =
            'stored states have reached their 256 MiB; the oldest go by themselves 400 days after they were shared';
        } else await this.#run('insert into states values ($id, $text, $now)', { id, text, now });
      });
    } catch (cause) {
      refusal = `the state could not be written: ${messageOf(cause)}`;
    }
    return refusal === undefined ? ok({ id }) : err(refusal);
  }

  /** undefined: it was never stored, or is forgotten. */
  async read(id: number, state: string): Promise<string | undefined> {
    const rows = await this.#host.run(id, context =>
      context.rows('select text from states where id = $state', { state }),
    );
    return rows[0] && String(rows[0].text);
  }

  /** Forgets what nobody has stored again for long. With no transaction open. */
  async sweep(): Promise<void> {
    const before = this.#host.store.options.nowMs() - KEPT_MS;
    await this.#run('delete from states where stored_unix_ms < $before', { before });
  }

  async #run(sql: string, params: Readonly<Record<string, string | number>>): Promise<void> {
    const { store } = this.#host;
    const { values, types } = bindParams(params);
    await store.connections.write.run(sql, values, types);
    store.wrote();
  }
}
