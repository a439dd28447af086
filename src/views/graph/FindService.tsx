import { useId, useRef, useState } from 'react';
import { useAction } from '#state/commands/actions.ts';
import { announce } from '#state/session-store.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import type { Picture, PictureNode } from './picture.ts';

/** Finds a node by its name: Enter goes to the best match. */
export function FindService({
  picture,
  onFound,
}: {
  picture: Picture | undefined;
  onFound: (node: PictureNode) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isMissed, setMissed] = useState(false);
  const id = useId();
  useAction('app.find', () => {
    input.current?.focus();
    input.current?.select();
  });
  const nodes = picture?.nodes ?? [];
  const find = (): void => {
    const node = bestMatch(nodes, text);
    setMissed(node === undefined);
    if (node === undefined) announce(`No service is called ${text}`);
    else onFound(node);
  };
  return (
    <search className="field sg-find">
      <Icon name="search" className="s14" />
      <input
        ref={input}
        list={id}
        aria-label="Find a service"
        placeholder="Find a service"
        aria-invalid={isMissed}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={event => {
          setText(event.target.value);
          setMissed(false);
        }}
        onKeyDown={event => {
          if (event.key === 'Enter' && text.trim() !== '') find();
          else if (event.key === 'Escape') input.current?.blur();
        }}
      />
      <datalist id={id}>
        {nodes.map(({ key, name }) => (
          <option key={key} value={name} />
        ))}
      </datalist>
      {isMissed ? <span className="err">none</span> : <KeyCaps hotkey="/" />}
    </search>
  );
}

/** The node of that name; else the busiest whose name begins with the text, or holds it. */
export function bestMatch(nodes: readonly PictureNode[], text: string): PictureNode | undefined {
  const wanted = text.trim().toLowerCase();
  const rank = ({ name }: PictureNode): number => {
    const at = name.toLowerCase().indexOf(wanted);
    return at < 0 ? 3 : name.length === wanted.length ? 0 : at === 0 ? 1 : 2;
  };
  const found = nodes.filter(node => rank(node) < 3);
  return found.sort((a, b) => rank(a) - rank(b) || b.calls - a.calls)[0];
}
