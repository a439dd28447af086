import { formatCount } from '#domain/format/number.ts';
import type { ServiceGraphState } from '#state/graph/use-service-graph.ts';
import { GRAPH_HIDES, type GraphHide } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { BASELINE_WORDS } from './baselines.ts';
import { FindService } from './FindService.tsx';
import { FocusMenu } from './FocusMenu.tsx';
import { GroupMenu } from './GroupMenu.tsx';
import type { PictureNode } from './picture.ts';
import type { ShownGraph } from './use-shown-graph.ts';

const BASELINES = ['previous', 'day', 'week', 'nothing'] as const;

/** What is shown, and of what. */
export function GraphToolbar({
  shown,
  state,
  onFound,
}: {
  shown: ShownGraph | undefined;
  state: ServiceGraphState;
  onFound: (node: PictureNode) => void;
}) {
  const { than, view } = useUrl();
  const go = useGo();
  const canCompare = state.capabilities?.compare === true;
  return (
    <div className="sg-bar" role="toolbar" aria-label="Graph">
      <FindService picture={shown?.whole} onFound={onFound} />
      <FocusMenu picture={shown?.whole} />
      {state.capabilities?.groupBy && <GroupMenu />}
      {canCompare && (
        <Menu
          label="Compare with"
          trigger={props => (
            <button {...props} type="button" className="btn">
              Compare with <b className="strong">{BASELINE_WORDS[than]}</b>
              <Icon name="down" className="s12 end" />
            </button>
          )}
        >
          {close =>
            BASELINES.map(baseline => (
              <MenuItem
                key={baseline}
                checked={than === baseline}
                onChoose={() => {
                  close();
                  go({ than: baseline }, 'push');
                }}
              >
                {BASELINE_WORDS[baseline]}
              </MenuItem>
            ))
          }
        </Menu>
      )}
      <Shows hide="async" text="Async" isInverse />
      <Shows hide="stores" text="Data stores" isInverse />
      <Shows hide="external" text="External" isInverse />
      {canCompare && than !== 'nothing' && <Shows hide="same" text="Only what changed" />}
      <span className="grow" />
      {shown && (
        <span className="mut sg-counts">
          {formatCount(shown.picture.nodes.length)} {shown.picture.nodes.length === 1 ? 'node' : 'nodes'},{' '}
          {formatCount(shown.picture.edges.length)} {shown.picture.edges.length === 1 ? 'edge' : 'edges'}
        </span>
      )}
      <Segmented
        label="Form"
        value={view}
        options={[
          { value: 'graph', text: 'Graph' },
          { value: 'table', text: 'Table' },
        ]}
        onChange={next => go({ view: next }, 'push')}
      />
    </div>
  );
}

/** A box for something that can be hidden; `isInverse`: ticked while it is not. */
function Shows({ hide: word, text, isInverse = false }: { hide: GraphHide; text: string; isInverse?: boolean }) {
  const { hide } = useUrl();
  const go = useGo();
  const isHidden = hide.includes(word);
  return (
    <label className="sg-check">
      <input
        type="checkbox"
        checked={isInverse ? !isHidden : isHidden}
        onChange={() =>
          go({ hide: GRAPH_HIDES.filter(other => (other === word ? !isHidden : hide.includes(other))) }, 'push')
        }
      />
      {text}
    </label>
  );
}
