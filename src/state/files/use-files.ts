import { useSyncExternalStore } from 'react';
import type { OpenedFile } from '#sources/file/file-client.ts';
import { useSources } from '#state/source-context.ts';

export { FILE_SOURCE_ID } from '#sources/file/file-source.ts';
export type { OpenedFile };

const NONE: readonly OpenedFile[] = [];
const neverChanges = () => () => undefined;

/** The files that are open in this page, those that are being read among them. */
export function useFiles(): readonly OpenedFile[] {
  const { files } = useSources();
  return useSyncExternalStore(
    files === undefined ? neverChanges : watch => files.watch(watch),
    () => files?.files ?? NONE,
  );
}
