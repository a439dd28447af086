import type { EdgeChange, GraphPart } from '#domain/api/graph-api.ts';
import { formatInstant } from '#domain/time/clock.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { useZone } from '#state/use-store.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { BASELINE_WORDS } from './baselines.ts';
import { changeWords } from './change-words.ts';
import { keyOfPart } from './part-figures.ts';
import { nameText } from './texts.ts';
import './graph-panel.css';

/** So many of one kind are listed. */
const MOST = 50;

/** What changed by more than noise: what got worse first, then what else did, then new and gone edges. */
export function ChangeList({
  changes,
  than,
  onSelect,
}: {
  changes: readonly EdgeChange[];
  than: UrlState['than'];
  onSelect: (part: GraphPart) => void;
}) {
  const came = changes.filter(({ what }) => what === 'new' || what === 'gone');
  const other = changes.filter(change => !change.worse && !came.includes(change));
  const groups = [
    { title: 'Got worse', list: changes.filter(({ worse }) => worse) },
    { title: 'Changed', list: other },
    { title: 'New and gone', list: came },
  ];
  return (
    <aside className="sg-panel" aria-label="What changed">
      <header className="sg-panel-head">
        <h2 className="sg-panel-title">What changed</h2>
        <span className="mut">against {BASELINE_WORDS[than]}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by key */}
      <section className="sg-panel-body" tabIndex={0} aria-label="Changed edges">
        {groups.map(
          ({ title, list }) =>
            list.length > 0 && <Group key={title} title={title} changes={list} onSelect={onSelect} />,
        )}
      </section>
    </aside>
  );
}

function Group({
  title,
  changes,
  onSelect,
}: {
  title: string;
  changes: readonly EdgeChange[];
  onSelect: (part: GraphPart) => void;
}) {
  const zone = useZone();
  const clock = (unixNano: bigint) => formatInstant(unixNano, zone, 'minute');
  return (
    <div className="sg-change-group">
      <h3 className="t11 mut">
        {title} <span className="num">{changes.length}</span>
      </h3>
      <ol className="sg-changes" aria-label={title}>
        {changes.slice(0, MOST).map(change => {
          const part = { edge: change.edge };
          const key = keyOfPart(part);
          return (
            <li key={`${change.what}${key}`}>
              <button type="button" onClick={() => onSelect(part)}>
                <span className={change.worse ? 'sg-worse' : 'mut'} aria-hidden="true">
                  {change.worse ? '▲' : '·'}
                </span>
                <span className="ell strong">
                  {nameText(change.edge.from)} <Icon name="go" className="s12" /> {nameText(change.edge.to)}
                </span>
                <span className="sec">{changeWords(change, clock)}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {changes.length > MOST && <p className="sg-panel-note mut">{changes.length - MOST} more are in the table.</p>}
    </div>
  );
}
