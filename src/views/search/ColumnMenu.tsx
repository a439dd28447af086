import { RESULT_COLUMNS, type ResultColumn } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Popover } from '#views/shared/Popover.tsx';

const NAMES: Readonly<Record<ResultColumn, string>> = {
  path: 'Critical path',
  duration: 'Duration',
  spans: 'Spans',
  matched: 'Matched spans',
  errors: 'Errors',
  services: 'Services',
  start: 'Start',
};

/** Which columns the results have, besides status and name. The choice stands in the link. */
export function ColumnMenu() {
  const { cols } = useUrl();
  const go = useGo();
  const toggle = (column: ResultColumn, isShown: boolean) => {
    const next = RESULT_COLUMNS.filter(each => (each === column ? isShown : cols.includes(each)));
    go({ cols: next }, 'replace');
  };
  return (
    <Popover
      label="Columns of the results"
      align="end"
      className="result-columns"
      trigger={props => (
        <button {...props} type="button" className="btn icon quiet" aria-label="Columns" data-tip="Columns">
          <Icon name="columns" className="s14" />
        </button>
      )}
    >
      {() => (
        <fieldset>
          <legend className="vh">Columns of the results</legend>
          {RESULT_COLUMNS.map((column, index) => (
            <label key={column}>
              <input
                type="checkbox"
                data-autofocus={index === 0 ? '' : undefined}
                checked={cols.includes(column)}
                onChange={event => toggle(column, event.currentTarget.checked)}
              />
              {NAMES[column]}
            </label>
          ))}
        </fieldset>
      )}
    </Popover>
  );
}
