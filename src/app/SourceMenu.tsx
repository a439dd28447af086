import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '#state/queries.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useGo } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';

/** Which back end is read, with a dot that says whether it answers; a menu where there are several. */
export function SourceMenu() {
  const { all, server } = useSources();
  const source = useSource();
  const go = useGo();
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
      {!source.capabilities.embedded && <span className="mut source-kind">Tempo</span>}
    </>
  );
  if (all.length < 2) return <span className="source">{face}</span>;
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
      {close =>
        all.map(other => (
          <MenuItem
            key={other.id}
            checked={other.id === source.id}
            onChoose={() => {
              go({ src: other.id === all[0]!.id ? '' : other.id }, 'push');
              close();
            }}
          >
            {other.name}
          </MenuItem>
        ))
      }
    </Menu>
  );
}
