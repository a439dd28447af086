import { formatCount } from '#domain/format/number.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { traceFacts } from './facts.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const MOST_LEVELS = 9;

/** Heads of the tree's columns, with what opens and closes its rows. */
export function ColumnHeads({ model }: { model: WaterfallModel }) {
  const levels = Math.min(MOST_LEVELS, traceFacts(model.table).levels);
  return (
    <div className="wf-cols">
      <IconButton
        kind="quiet"
        icon="expand"
        label="Open all rows"
        keys="]"
        onClick={() => model.openToLevel(Number.POSITIVE_INFINITY)}
      />
      <IconButton kind="quiet" icon="collapse" label="Close all rows" keys="[" onClick={() => model.openToLevel(1)} />
      {levels > 2 && (
        <Menu
          label="Open to level"
          trigger={props => (
            <button {...props} type="button" className="btn quiet wf-level" data-tip="Open rows down to a level">
              Level
              <Icon name="down" className="s12 end" />
            </button>
          )}
        >
          {close =>
            Array.from({ length: levels }, (_, i) => i + 1).map(level => (
              <MenuItem
                key={level}
                onChoose={() => {
                  model.openToLevel(level === levels && levels < MOST_LEVELS ? Number.POSITIVE_INFINITY : level);
                  close();
                }}
              >
                {level === 1 ? 'Roots only' : `Down to level ${level}`}
              </MenuItem>
            ))
          }
        </Menu>
      )}
      <span className="wf-cols-name ell">Service and operation</span>
      <span className="grow" />
      <span
        className="wf-cols-self"
        data-tip={`Time in which a span worked itself, ${formatCount(model.table.length)} spans`}
      >
        Self time
      </span>
    </div>
  );
}
