import { useState } from 'react';
import { basePath } from '#app/base-path.ts';
import { pageForm } from '#app/page-form.ts';
import type { PanelKind, PanelTheme } from '#state/embed/panel-look.ts';
import { embedCode, embedPath, panelsOf } from '#state/share/embed-code.ts';
import type { ShareSubject } from '#state/share/share-subject.ts';
import type { ShareLink } from '#state/share/use-share-link.ts';
import { useSources } from '#state/source-context.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { usePrefs } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { copyText } from '#views/shared/CopyButton.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { PinSwitch } from './PinSwitch.tsx';
import { ShareError } from './ShareError.tsx';

const PANEL_NAMES: Readonly<Record<PanelKind, string>> = {
  trace: 'Waterfall',
  search: 'Results',
  heatmap: 'Heatmap',
  graph: 'Graph',
};
const THEMES: readonly { readonly value: PanelTheme; readonly text: string }[] = [
  { value: 'auto', text: 'Follow the reader' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];
const SIZE = { least: 200, most: 4000, width: 640, height: 360 };

/** The HTML of a panel for a runbook, a wiki or a dashboard, and what it looks like. */
export function EmbedPart({ state, words, link }: { state: UrlState; words: ShareSubject; link: ShareLink }) {
  const { config } = useSources();
  const panels = panelsOf(state);
  const [panel, setPanel] = useState(panels[0]!);
  const [theme, setTheme] = useState<PanelTheme>('auto');
  const [width, setWidth] = useState(SIZE.width);
  const [height, setHeight] = useState(SIZE.height);
  // As plain files, panels stand behind the `#` of a document of their own.
  const place = pageForm() === 'server' ? basePath() : `${basePath()}embed.html#/`;
  const srcOf = (shown: UrlState) => new URL(`${place}${embedPath(shown, { panel, theme })}`, location.href).href;
  const src = srcOf(state);
  const codeOf = (id: string | undefined) =>
    embedCode(srcOf(id === undefined ? state : { ...state, pin: id }), `${words.title} · Throughline`, {
      width,
      height,
    });
  const by = usePrefs(prefs => prefs.name ?? '');
  const [pin, setPin] = useState<string>();
  const code = codeOf(link.isPinning ? pin : undefined);
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  const copy = async () => {
    setOutcome(undefined);
    const id = link.isPinning ? await link.pin({ note: '', by, days: undefined }) : undefined;
    if (link.isPinning && id === undefined) return;
    setPin(id);
    setOutcome((await copyText(codeOf(id))) ? 'copied' : 'refused');
  };
  return (
    <>
      {panels.length > 1 && (
        <div className="share-row">
          <span>Panel</span>
          <span className="share-line">
            <Segmented
              label="Panel"
              value={panel}
              options={panels.map(value => ({ value, text: PANEL_NAMES[value] }))}
              onChange={setPanel}
            />
          </span>
        </div>
      )}
      <div className="share-row">
        <span>Size, theme</span>
        <span className="share-line">
          <Pixels label="Width" value={width} onValue={setWidth} />×
          <Pixels label="Height" value={height} onValue={setHeight} />
          <select
            className="btn"
            aria-label="Theme"
            value={theme}
            onChange={event => setTheme(event.target.value as PanelTheme)}
          >
            {THEMES.map(each => (
              <option key={each.value} value={each.value}>
                {each.text}
              </option>
            ))}
          </select>
        </span>
      </div>
      {link.canPin && words.table && <PinSwitch table={words.table} link={link} />}
      <ShareError error={link.error} />
      <textarea
        readOnly
        className="code share-code"
        aria-label="Embed code"
        rows={5}
        value={code}
        onFocus={event => event.currentTarget.select()}
      />
      <iframe
        className="share-preview"
        key={src}
        src={src}
        title="Preview of the panel"
        height={Math.min(height, 240)}
      />
      <footer>
        <span className="mut grow">
          May be framed by {['pages of this server', ...config.frameAncestors].join(', ')}
        </span>
        <Button
          kind="primary"
          icon={outcome === 'copied' ? 'check' : 'copy'}
          disabled={link.isBusy}
          onClick={() => void copy()}
        >
          Copy code
        </Button>
      </footer>
      <p className={outcome === 'refused' ? 'share-row-text sec' : 'vh'} role="status">
        {outcome === 'refused'
          ? 'The browser did not allow copying: the code is in the field.'
          : outcome === 'copied' && 'Copied'}
      </p>
    </>
  );
}

function Pixels({ label, value, onValue }: { label: string; value: number; onValue: (value: number) => void }) {
  return (
    <span className="field share-px">
      <input
        type="number"
        aria-label={`${label} in pixels`}
        min={SIZE.least}
        max={SIZE.most}
        value={value}
        onChange={event => {
          const px = event.target.valueAsNumber;
          if (Number.isFinite(px)) onValue(Math.round(Math.min(SIZE.most, Math.max(1, px))));
        }}
      />
    </span>
  );
}
