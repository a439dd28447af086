import { useEffect, useState } from 'react';
import { useOpenFiles } from '#state/files/use-open-files.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { keyTarget } from './commands.ts';

/** Files that are dropped anywhere on the page, and files or JSON that are pasted, are opened. */
export function DropFiles() {
  const open = useOpenFiles();
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      // From one element to the next it comes with where the pointer went.
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      setIsOver(false);
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      open(named(event.dataTransfer.files));
    };
    const paste = (event: ClipboardEvent) => {
      const { files } = event.clipboardData ?? {};
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (files !== undefined && files.length > 0) open(named(files));
      else if (/^\s*[[{]/.test(text) && !keyTarget(event.composedPath()[0] ?? null).typing) {
        open([{ name: 'Pasted text', blob: new Blob([text]) }]);
      } else return;
      event.preventDefault();
    };
    const { signal, abort } = listening();
    document.addEventListener('dragover', over, { signal });
    document.addEventListener('dragleave', leave, { signal });
    document.addEventListener('drop', drop, { signal });
    document.addEventListener('paste', paste, { signal });
    return abort;
  }, [open]);
  if (!isOver) return null;
  return (
    <div className="drop-files">
      <p>
        <Icon name="file" />
        Drop to open. Files are read in this browser and not uploaded.
      </p>
    </div>
  );
}

function named(files: FileList) {
  return Array.from(files, file => ({ name: file.name, blob: file }));
}

function listening() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
