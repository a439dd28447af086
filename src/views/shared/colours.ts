import { useEffect, useState } from 'react';

let probe: HTMLElement | undefined;

/** Resolves any CSS colour (custom property, light-dark, color-mix) to what a canvas understands. */
export function resolveColour(css: string): string {
  if (!probe) {
    probe = document.createElement('i');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = css;
  return getComputedStyle(probe).color;
}

/** Changes whenever resolved colours may have: the chosen theme, the system's scheme, forced colours. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion(previous => previous + 1);
    const watched = new MutationObserver(changed);
    watched.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map(query => matchMedia(query));
    for (const query of media) query.addEventListener('change', changed);
    return () => {
      watched.disconnect();
      for (const query of media) query.removeEventListener('change', changed);
    };
  }, []);
  return version;
}
