import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the server of a data directory says how it is reached, for commands that need it. Left behind by a crash it does no
 * harm: it is asked for only while somebody holds the directory.
 */
export class ServerFile {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'server.json');
  }

  /** `ui`: address of the user interface. A disk that takes no more is told elsewhere. */
  write(ui: string): void {
    try {
      writeFileSync(this.#path, JSON.stringify({ ui }), { mode: 0o600 });
    } catch {}
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }

  /** undefined: there is no server, or it could not say. */
  read(): string | undefined {
    try {
      const { ui } = JSON.parse(readFileSync(this.#path, 'utf8')) as { readonly ui?: unknown };
      return typeof ui === 'string' && URL.canParse(ui) ? ui : undefined;
    } catch {
      return undefined;
    }
  }
}
