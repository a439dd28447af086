import { useEffect, useState } from 'react';
import { announce } from '#state/session-store.ts';
import { Button, IconButton } from './Button.tsx';

const SHOWN_MS = 1600;

/** Copies `text`; shows a tick for a moment. With `children` it is a labelled button, else an icon named `label`. */
export function CopyButton({
  text,
  label,
  children,
}: {
  /** Made when it is asked for, where that takes long. */
  text: string | (() => string);
  label: string;
  children?: string;
}) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const copied = await copyText(typeof text === 'string' ? text : text());
    setOutcome(copied ? 'copied' : 'failed');
    announce(copied ? 'Copied' : 'The browser did not allow copying');
  };
  const icon = outcome === 'copied' ? 'check' : outcome === 'failed' ? 'warn' : 'copy';
  if (children === undefined) return <IconButton kind="quiet" icon={icon} label={label} onClick={copy} />;
  return (
    <Button icon={icon} onClick={copy} aria-label={label}>
      {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not allowed' : children}
    </Button>
  );
}

/** False where the browser refuses (no permission, or the page is not served securely). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Plain http on another host has no clipboard API; the old command still works there. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'vh';
  // Behind a modal dialog nothing can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
