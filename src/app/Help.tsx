import { useDeferredValue, useState } from 'react';
import type { Command, CommandGroup } from '#state/commands/command.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Dialog } from '#views/shared/Dialog.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';

const GROUPS: readonly CommandGroup[] = ['Everywhere', 'Time', 'Explore', 'Graph', 'Trace', 'Store', 'Pins'];

/** Every key of this page, read from the same list as the key listener. */
export default function Help({ commands, onClose }: { commands: readonly Command[]; onClose: () => void }) {
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const shown = commands.filter(command => command.hotkeys?.length && command.title.toLowerCase().includes(wanted));
  return (
    <Dialog label="Keyboard" className="help" onClose={onClose}>
      <header>
        <h2>Keyboard</h2>
        <span className="grow" />
        <label className="field">
          <Icon name="search" className="s14" />
          <input
            autoFocus
            placeholder="Find a key"
            aria-label="Find a key"
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </label>
        <IconButton kind="quiet" icon="close" label="Close" onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by key */}
      <section className="help-columns" tabIndex={0} aria-label="Keys">
        {GROUPS.map(group => {
          const lines = shown.filter(command => command.group === group);
          return (
            lines.length > 0 && (
              <section key={group}>
                <h3>{group}</h3>
                <ul>
                  {lines.map(command => (
                    <li key={command.id}>
                      <span>{command.title}</span>
                      <span className="kbds">
                        {command.hotkeys!.map(hotkey => (
                          <KeyCaps key={hotkey} hotkey={hotkey} />
                        ))}
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            )
          );
        })}
        {shown.length === 0 && <p className="mut">No key does that.</p>}
      </section>
    </Dialog>
  );
}
