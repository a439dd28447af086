import { Icon } from '#views/shared/Icon.tsx';

/** The text field above a list in a popover: narrows the list while typing; Enter takes what it says. */
export function FindField({
  label,
  text,
  onText,
  onEnter,
}: {
  label: string;
  text: string;
  onText: (text: string) => void;
  onEnter: () => void;
}) {
  return (
    <form
      className="field"
      onSubmit={event => {
        event.preventDefault();
        onEnter();
      }}
    >
      <Icon name="search" className="s14" />
      <input
        data-autofocus=""
        placeholder={label}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={event => onText(event.target.value)}
      />
    </form>
  );
}
