import { visibleText } from '#domain/format/text.ts';
import { useTags } from '#state/explore/use-tags.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem, MenuLine } from '#views/shared/Menu.tsx';
import { groupKeys } from './group-keys.ts';

/** By which resource attribute services stand together. */
export function GroupMenu() {
  const { by } = useUrl();
  const go = useGo();
  const tags = useTags(true);
  const { usual, others } = groupKeys(tags.find(({ name }) => name === 'resource')?.tags ?? [], by);
  return (
    <Menu
      label="Group by"
      trigger={props => (
        <button {...props} type="button" className="btn">
          Group by <b className="strong sg-by ell">{by === '' ? 'nothing' : visibleText(by)}</b>
          <Icon name="down" className="s12 end" />
        </button>
      )}
    >
      {close => {
        const item = (key: string) => (
          <MenuItem
            key={key}
            checked={by === key}
            onChoose={() => {
              close();
              go({ by: key }, 'push');
            }}
          >
            {key === '' ? 'nothing' : visibleText(key)}
          </MenuItem>
        );
        return (
          <>
            {item('')}
            {usual.map(item)}
            {others.length > 0 && <MenuLine />}
            {others.map(item)}
          </>
        );
      }}
    </Menu>
  );
}
