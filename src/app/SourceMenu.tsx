import { useQuery } from '@tanstack/react-query';
import { searchOfFiles } from '#state/files/file-links.ts';
import { FILE_SOURCE_ID, useFiles } from '#state/files/use-files.ts';
import { statusQuery } from '#state/queries.ts';
import { openDialog } from '#state/session-store.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useGo } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import { Menu, MenuItem, MenuLine } from '#views/shared/Menu.tsx';

/** Which back end is read, with a dot that says whether it answers; its menu holds the others and opens files. */
export function SourceMenu() {
  const { all, server } = useSources();
  const source = useSource();
  const go = useGo();
  // Files are seldom of the last hour.
  const toFiles = searchOfFiles(useFiles()) ?? { src: FILE_SOURCE_ID };
  const status = useQuery({ ...statusQuery(server), enabled: source.capabilities.embedded });
  const health = status.isError ? 'fails' : status.data?.state === 'failing' ? 'fails' : 'answers';
  const face = (
    <>
      <span
        className={`st ${health === 'fails' ? 'er' : 'live'}`}
        role="img"
        aria-label={health === 'fails' ? 'does not answer' : 'connected'}
      />
      <span className="ell source-name">{source.name}</span>
      {!source.capabilities.embedded && source.id !== FILE_SOURCE_ID && <span className="mut source-kind">Tempo</span>}
    </>
  );
  return (
    <Menu
      label="Source"
      trigger={props => (
        <button {...props} type="button" className="btn quiet source">
          {face}
          <Icon name="down" className="s14 end" />
        </button>
      )}
    >
      {close => (
        <>
          {all.map(other => (
            <MenuItem
              key={other.id}
              checked={other.id === source.id}
              onChoose={() => {
                go(other.id === FILE_SOURCE_ID ? toFiles : { src: other.id === all[0]!.id ? '' : other.id }, 'push');
                close();
              }}
            >
              {other.name}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem
            icon="file"
            keys={<KeyCaps hotkey="o" />}
            onChoose={() => {
              close();
              openDialog('files');
            }}
          >
            Open files
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
