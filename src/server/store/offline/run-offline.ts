import { ok, type Result } from '#domain/result.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { backupByServer } from './ask-server.ts';
import { backupStore } from './backup.ts';
import { verifyStore } from './verify.ts';

/** A command that works on the files of a store; a backup also on one that a server has open, through that server. */
export type OfflineCommand =
  | { readonly kind: 'backup'; readonly dataDir: string; readonly file: string }
  | { readonly kind: 'verify'; readonly dataDir: string };

export interface OfflineReport {
  readonly lines: readonly string[];
  readonly isSound: boolean;
}

/** Runs it; the lines are for the person who asked. */
export async function runOffline(command: OfflineCommand): Promise<Result<OfflineReport, StoreOpenError>> {
  if (command.kind === 'backup') {
    const alone = await backupStore(command.dataDir, command.file);
    const isHeld = !alone.ok && alone.error.cause === 'locked';
    const written = isHeld ? await backupByServer(command.dataDir, command.file) : alone;
    if (!written.ok) return written;
    return ok({ lines: [`${command.file}: ${written.value} bytes`], isSound: true });
  }
  const verified = await verifyStore(command.dataDir);
  if (!verified.ok) return verified;
  const { segments, spans, pins, problems } = verified.value;
  const pinned = pins === 0 ? '' : `${counted(pins, 'pin')}, `;
  const summary = `${counted(spans, 'span')} in ${counted(segments, 'segment')}, ${pinned}${counted(problems.length, 'problem')}`;
  return ok({ lines: [...problems, summary], isSound: problems.length === 0 });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
