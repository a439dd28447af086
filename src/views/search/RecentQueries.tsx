import { visibleText } from '#domain/format/text.ts';
import { forgetQueries } from '#state/query-history.ts';
import { useQueryHistory } from '#state/use-store.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Menu, MenuHeading, MenuItem, MenuLine } from '#views/shared/Menu.tsx';

const SHOWN = 20;

/** Queries that were asked in this browser, the latest first. */
export function RecentQueries({ current, onChoose }: { current: string; onChoose: (query: string) => void }) {
  const recent = useQueryHistory().filter(query => query !== current);
  if (recent.length === 0) return null;
  return (
    <Menu
      label="Recent queries"
      align="end"
      trigger={props => <IconButton {...props} kind="quiet" icon="clock" label="Recent queries" />}
    >
      {close => (
        <>
          <MenuHeading>Recent queries</MenuHeading>
          {recent.slice(0, SHOWN).map(query => (
            <MenuItem
              key={query}
              onChoose={() => {
                close();
                onChoose(query);
              }}
            >
              <span className="mono t11 recent-query ell">{visibleText(query)}</span>
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem
            icon="trash"
            onChoose={() => {
              close();
              forgetQueries();
            }}
          >
            Forget these queries
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
