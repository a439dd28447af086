import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { panelStore, useContentHeight, useShows } from '#state/embed/panel-store.ts';
import { useHref } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Logo } from '#views/shared/Logo.tsx';
import './panel.css';

/**
 * A panel in somebody else's page: what it is of, the view, when it was and the way into Throughline with everything that
 * is on screen. Where there is little room the header goes first, the footer last.
 */
export function PanelFrame({
  title,
  facts,
  when,
  heightPx,
  children,
}: {
  /** Said aloud and shown, cut where there is no room. */
  title: ReactNode;
  /** Figures at the right of the title. */
  facts?: ReactNode;
  /** The time of what is shown, with its zone. */
  when: string;
  /** How high the view would like to be, CSS px. */
  heightPx: number;
  children: ReactNode;
}) {
  const href = useHref();
  const [showHeader, showSummary, showFooter] = [useShows('header'), useShows('summary'), useShows('footer')];
  const isAuto = useStore(panelStore, ({ look }) => look.height === 'auto');
  useContentHeight(heightPx);
  return (
    <div className={isAuto ? 'pn' : 'pn pn-fill'}>
      <header className={showHeader ? 'pn-head' : 'vh'}>
        <h1 className="pn-title">{title}</h1>
        {showSummary && facts !== undefined && <div className="pn-facts">{facts}</div>}
      </header>
      <main className="pn-body">{children}</main>
      {showFooter && (
        <footer className="pn-foot">
          <Logo />
          <span className="ell">{when}</span>
          <span className="grow" />
          <a className="pn-open" href={href({})}>
            Open in Throughline
            <Icon name="open" className="s12" />
          </a>
        </footer>
      )}
    </div>
  );
}
