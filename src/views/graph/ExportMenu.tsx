import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { savePng, saveSvg } from '#views/shared/picture/save-picture.ts';
import type { Scene } from './scene.ts';
import { graphPicture } from './whole-scene.ts';

const NAME = 'service-graph';

/** The whole picture, or its edges, as a file. */
export function ExportMenu({ scene, onCsv }: { scene: Scene; onCsv: () => void }) {
  const items = [
    { text: 'Picture as SVG', save: () => saveSvg(`${NAME}.svg`, graphPicture(scene)) },
    { text: 'Picture as PNG', save: () => void savePng(`${NAME}.png`, graphPicture(scene)) },
    { text: 'Edges as CSV', save: onCsv },
  ];
  return (
    <div className="sg-export">
      <Menu
        label="Export"
        align="end"
        trigger={props => (
          <button {...props} type="button" className="btn">
            <Icon name="download" className="s14" />
            Export
          </button>
        )}
      >
        {close =>
          items.map(({ text, save }) => (
            <MenuItem
              key={text}
              onChoose={() => {
                close();
                save();
              }}
            >
              {text}
            </MenuItem>
          ))
        }
      </Menu>
    </div>
  );
}
