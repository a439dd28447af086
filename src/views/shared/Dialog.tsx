import { type ReactNode, useEffect, useRef } from 'react';

/** A modal dialog: the platform's, which traps focus, closes on Escape and gives the focus back. Open while mounted. */
export function Dialog({
  label,
  className = '',
  onClose,
  children,
}: {
  label: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the press on the backdrop; Escape does the same
    <dialog
      ref={dialog}
      aria-label={label}
      className={`pop ${className}`}
      onClose={() => {
        // The event comes late: by then the dialog may be open again.
        if (!dialog.current?.open) onClose();
      }}
      onClick={event => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
