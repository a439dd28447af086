import { openDialog } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useGo, useHref, useUrl } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import { Logo } from '#views/shared/Logo.tsx';
import { liveChange } from '#views/shared/time-range/commands.ts';
import { TimeRange } from '#views/shared/time-range/TimeRange.tsx';
import { SettingsMenu } from './SettingsMenu.tsx';
import { SourceMenu } from './SourceMenu.tsx';

/** 44 px: where you are, where you can go, and which time is shown. */
export function TopBar() {
  const url = useUrl();
  const href = useHref();
  const follow = useFollow();
  const { hasServer } = useSources();
  const home = { page: { name: 'explore' } } as const;
  const onExplore = url.page.name === 'explore';
  return (
    <header className="top">
      <a className="brand" href={href({ ...home, q: '' })} onClick={follow} aria-label="Throughline, start page">
        <Logo />
        <span className="brand-name">Throughline</span>
      </a>
      <span className="vr top-rule" />
      <SourceMenu />
      <nav className="nav" aria-label="Views">
        <a href={href(home)} onClick={follow} aria-current={onExplore ? 'page' : undefined}>
          Explore
        </a>
        <a
          href={href({ page: { name: 'graph' } })}
          onClick={follow}
          aria-current={url.page.name === 'graph' ? 'page' : undefined}
        >
          Graph
        </a>
        {hasServer && (
          <a
            href={href({ page: { name: 'store' } })}
            onClick={follow}
            aria-current={url.page.name === 'store' ? 'page' : undefined}
          >
            Store
          </a>
        )}
        {hasServer && (
          <a
            href={href({ page: { name: 'pins' } })}
            onClick={follow}
            aria-current={url.page.name === 'pins' ? 'page' : undefined}
          >
            Pins
          </a>
        )}
      </nav>
      <span className="grow" />
      <button
        type="button"
        className="field goto"
        onClick={() => openDialog('palette')}
        aria-keyshortcuts="Meta+K Control+K"
      >
        <Icon name="search" className="s14" />
        <span className="grow ell goto-text">Go to trace, service, command</span>
        <KeyCaps hotkey="Mod+k" />
      </button>
      {(onExplore || url.page.name === 'graph') && <TimeRange />}
      {onExplore && <LiveButton />}
      <Button
        icon="link"
        aria-label="Share"
        data-tip="Link, words for a chat, embed code"
        data-tip-keys="Shift+s"
        onClick={() => openDialog('share')}
      >
        <span className="share-text">Share</span>
      </Button>
      <SettingsMenu />
    </header>
  );
}

function LiveButton() {
  const url = useUrl();
  const go = useGo();
  return (
    <Button
      icon={url.live ? 'pause' : 'play'}
      aria-pressed={url.live}
      data-tip={url.live ? 'Stop following new traces' : 'Follow new traces'}
      data-tip-keys="l"
      onClick={() => go(url.live ? { live: false } : liveChange(url.to), 'replace')}
    >
      Live
    </Button>
  );
}
