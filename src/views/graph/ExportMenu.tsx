import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { savePng, saveSvg } from './save-picture.ts';
import type { Scene } from './scene.ts';

/** The whole picture, or its edges, as a file. */
export function ExportMenu({ scene, onCsv }: { scene: Scene; onCsv: () => void }) {
  const items = [
    { text: 'Picture as SVG', save: () => saveSvg(scene) },
    { text: 'Picture as PNG', save: () => savePng(scene) },
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
