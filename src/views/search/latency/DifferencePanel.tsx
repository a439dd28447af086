import type { DifferenceBaseline } from '#domain/api/latency-api.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { LazyPart, lazyPart } from '#views/shared/lazy-part.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { baselineText } from './baseline-text.ts';

const BoxFindings = lazyPart(async () => (await import('./BoxFindings.tsx')).BoxFindings);

/** What sets the marked part of the heatmap apart from the rest, ranked; without a box, how to mark one. */
export function DifferencePanel({ filters }: { filters: FilterBarState }) {
  const { box } = useUrl();
  const go = useGo();
  return (
    <aside className="diff" aria-label="What is different in the selection">
      <header className="lat-head">
        <h2 className="strong ell">What is different in the selection</h2>
        <span className="grow" />
        {box && <Baseline />}
        {box && (
          <IconButton
            kind="quiet"
            icon="close"
            label="Remove the box"
            className="diff-close"
            onClick={() => go({ box: undefined }, 'push')}
          />
        )}
      </header>
      {box ? (
        <LazyPart>
          <BoxFindings box={box} filters={filters} />
        </LazyPart>
      ) : (
        <Hint />
      )}
    </aside>
  );
}

function Hint() {
  return (
    <div className="diff-hint sec">
      <p>Drag over the slow part of the heatmap, over the strips for a stretch of time, or along the durations.</p>
      <p>What sets it apart from the rest is listed here, and the traces below are narrowed to it.</p>
      <p className="mut">
        By keyboard: <kbd className="kbd">m</kbd> to the heatmap, arrows, <kbd className="kbd">⇧</kbd> arrows,{' '}
        <kbd className="kbd">↵</kbd>
      </p>
    </div>
  );
}

const BASELINES: readonly DifferenceBaseline[] = ['rest', '1h', '1d', '1w'];

function Baseline() {
  const { vs } = useUrl();
  const go = useGo();
  return (
    <Menu
      label="Compared with"
      align="end"
      trigger={props => (
        <button type="button" className="btn quiet diff-vs" {...props}>
          against {baselineText(vs)}
          <Icon name="down" className="s12 end" />
        </button>
      )}
    >
      {close =>
        BASELINES.map(baseline => (
          <MenuItem
            key={baseline}
            checked={baseline === vs}
            onChoose={() => {
              close();
              go({ vs: baseline }, 'replace');
            }}
          >
            {baseline === 'rest' ? 'The rest of the query' : `The same box, ${baselineText(baseline)}`}
          </MenuItem>
        ))
      }
    </Menu>
  );
}
