import type { DuckDBConnection } from '@duckdb/node-api';

/** Colour slot of each service: given at first sight, the busier first, and kept for good. */
export class ServiceSlots {
  readonly #slots = new Map<string, number>();
  /** Inserted by the open transaction. */
  #fresh: [string, number][] = [];

  static async load(connection: DuckDBConnection): Promise<ServiceSlots> {
    const slots = new ServiceSlots();
    const rows = await connection.runAndReadAll('select service, slot from service_slots order by slot');
    for (const [service, slot] of rows.getRows()) slots.#slots.set(String(service), Number(slot));
    return slots;
  }

  /** Within a transaction: writes slots for services that have none yet, and empties `spans`. */
  async assign(connection: DuckDBConnection, spans: Map<string, number>): Promise<void> {
    this.#fresh = [];
    const unseen = [...spans].filter(([service]) => service !== '' && !this.#slots.has(service));
    spans.clear();
    unseen.sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
    for (const [service] of unseen) {
      const slot = this.#slots.size + this.#fresh.length;
      await connection.run('insert into service_slots values ($service, $slot)', { service, slot });
      this.#fresh.push([service, slot]);
    }
  }

  /** After the commit of what `assign` wrote. */
  keep(): void {
    for (const [service, slot] of this.#fresh) this.#slots.set(service, slot);
    this.#fresh = [];
  }

  asRecord(): Record<string, number> {
    return Object.fromEntries(this.#slots);
  }
}
