import { useGo, useUrl } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuHeading, MenuItem, MenuLine } from '#views/shared/Menu.tsx';
import { type Picture, partKey } from './picture.ts';
import { nameText } from './texts.ts';

const HOPS = [1, 2, 3] as const;
const MOST = 12;

/** Around everything, or around one service so many calls up and down. */
export function FocusMenu({ picture }: { picture: Picture | undefined }) {
  const { focus, pick } = useUrl();
  const go = useGo();
  const picked = pick !== undefined && !('edge' in pick) ? pick : undefined;
  const busiest = [...(picture?.nodes ?? [])].sort((a, b) => b.calls - a.calls).slice(0, MOST);
  const node = focus?.node ?? picked;
  const nodeName = node && nameText('service' in node ? node.service : node.peer);
  return (
    <Menu
      label="Around"
      trigger={props => (
        <button {...props} type="button" className="btn">
          Around <b className="strong">{focus ? `${nodeName}, ${hopsText(focus.hops)}` : 'everything'}</b>
          <Icon name="down" className="s12 end" />
        </button>
      )}
    >
      {close => {
        const choose = (next: typeof focus) => () => {
          close();
          go({ focus: next }, 'push');
        };
        return (
          <>
            <MenuItem checked={focus === undefined} onChoose={choose(undefined)}>
              everything
            </MenuItem>
            {node !== undefined && (
              <>
                <MenuHeading>{nodeName}</MenuHeading>
                {HOPS.map(hops => (
                  <MenuItem key={hops} checked={focus?.hops === hops} onChoose={choose({ node, hops })}>
                    {hopsText(hops)} up and down
                  </MenuItem>
                ))}
              </>
            )}
            <MenuLine />
            {busiest.map(({ key, part, name }) => (
              <MenuItem
                key={key}
                checked={focus !== undefined && partKey(focus.node) === key}
                onChoose={choose({ node: part, hops: focus?.hops ?? 1 })}
              >
                {nameText(name)}
              </MenuItem>
            ))}
          </>
        );
      }}
    </Menu>
  );
}

function hopsText(hops: number): string {
  return hops === 1 ? '1 call' : `${hops} calls`;
}
