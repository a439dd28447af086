import { useRef } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { searchOfFiles } from '#state/files/file-links.ts';
import { useFiles } from '#state/files/use-files.ts';
import { useOpenFiles } from '#state/files/use-open-files.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Dialog } from '#views/shared/Dialog.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { FileEntry } from './FileEntry.tsx';
import './files.css';

/** Opens files, and lists those that are open: what was found in each, and what was wrong with it. */
export default function FilesDialog({ onClose }: { onClose: () => void }) {
  const files = useFiles();
  return (
    <Dialog label="Files" className="files" onClose={onClose}>
      <header>
        <h2>Files</h2>
        <span className="grow" />
        <IconButton kind="quiet" icon="close" label="Close" onClick={onClose} />
      </header>
      <div className="files-body">
        <Picker />
        <p className="mut files-formats">
          OTLP as JSON, JSON lines or protobuf, Jaeger JSON, Zipkin JSON and Tempo’s JSON, each also gzipped. Files are
          read in this browser and not uploaded; a reload of the page closes them.
        </p>
        {files.length > 0 && (
          <ul className="files-list" aria-label="Open files">
            {files.map(file => (
              <FileEntry key={file.id} file={file} onLeave={onClose} />
            ))}
          </ul>
        )}
      </div>
      <SearchAll onLeave={onClose} />
    </Dialog>
  );
}

function Picker() {
  const open = useOpenFiles();
  const files = useFiles();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="files-drop">
      <Icon name="file" />
      <span>Drop files anywhere on the page, paste them or their text, or</span>
      <button
        ref={focusFirst}
        type="button"
        className={`btn ${files.length === 0 ? 'primary' : ''}`}
        onClick={() => input.current?.click()}
      >
        Choose files
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to open"
        onChange={event => {
          open([...(event.target.files ?? [])].map(file => ({ name: file.name, blob: file })));
          // The same file can be chosen again, after it was mended.
          event.target.value = '';
        }}
      />
    </div>
  );
}

/** The dialog asks the attribute when it opens, which React does not set. */
function focusFirst(button: HTMLButtonElement | null): void {
  button?.setAttribute('autofocus', '');
}

function SearchAll({ onLeave }: { onLeave: () => void }) {
  const files = useFiles();
  const href = useHref();
  const follow = useFollow();
  const search = searchOfFiles(files);
  if (search === undefined) return null;
  const traces = files.reduce((sum, { findings }) => sum + (findings?.traceCount ?? 0), 0);
  return (
    <footer>
      <a
        className="btn primary"
        href={href(search)}
        onClick={event => {
          follow(event);
          onLeave();
        }}
      >
        {traces === 1 ? 'Search the trace' : `Search all ${formatCount(traces)} traces`}
      </a>
    </footer>
  );
}
