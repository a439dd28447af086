import { announce } from '#state/session-store.ts';
import { copyText } from '#views/shared/CopyButton.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';

/** One thing to copy: what it is called, and its text, made when it is chosen. */
export interface CopyForm {
  readonly name: string;
  readonly text: () => string | Promise<string>;
}

/** A copy button that asks for the form. `label` says what is copied. */
export function CopyMenu({ label, forms }: { label: string; forms: readonly CopyForm[] }) {
  return (
    <Menu
      label={label}
      align="end"
      trigger={props => (
        <button {...props} type="button" className="btn icon quiet" aria-label={label} data-tip={label}>
          <Icon name="copy" className="s14" />
        </button>
      )}
    >
      {close =>
        forms.map(form => (
          <MenuItem
            key={form.name}
            onChoose={() => {
              close();
              void copy(form);
            }}
          >
            {form.name}
          </MenuItem>
        ))
      }
    </Menu>
  );
}

async function copy({ name, text }: CopyForm): Promise<void> {
  try {
    announce((await copyText(await text())) ? `Copied: ${name}` : 'The browser did not allow copying');
  } catch {
    announce('What was to be copied could not be read');
  }
}
