import { useId, useState } from 'react';
import { zoneLabel } from '#domain/time/clock.ts';
import { relativeLabel } from '#domain/time/range.ts';
import { resolvedZone } from '#domain/time/zone.ts';
import { choose, prefsStore } from '#state/prefs-store.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { boundText, PRESETS, readBounds } from './range-text.ts';

/** Presets at the left, exact bounds in the chosen zone at the right. */
export function RangePanel({ close }: { close: () => void }) {
  const url = useUrl();
  const go = useGo();
  return (
    <div className="range-columns">
      <ul className="range-presets" aria-label="Relative">
        {PRESETS.map(from => {
          const current = url.from === from && url.to === 'now';
          return (
            <li key={from}>
              <button
                type="button"
                className="menu-item"
                aria-current={current ? 'true' : undefined}
                data-autofocus={current ? '' : undefined}
                onClick={() => {
                  go({ from, to: 'now' }, 'push');
                  close();
                }}
              >
                {current ? <Icon name="check" className="s14" /> : <span className="ico s14" />}
                {relativeLabel(from, 'now')}
              </button>
            </li>
          );
        })}
      </ul>
      <Bounds close={close} />
    </div>
  );
}

function Bounds({ close }: { close: () => void }) {
  const go = useGo();
  const zone = useZone();
  const range = useResolvedRange();
  const [edited, setEdited] = useState<{ from?: string; to?: string }>({});
  const [problem, setProblem] = useState<{ input: 'from' | 'to'; message: string }>();
  const errorId = useId();
  const shown = {
    from: edited.from ?? boundText(range.fromMs, zone),
    to: edited.to ?? boundText(range.toMs, zone),
  };
  const apply = () => {
    const read = readBounds(shown.from, shown.to, zone, Date.now());
    if (!read.ok) {
      setProblem(read.error);
      return;
    }
    go({ ...read.value, live: false }, 'push');
    close();
  };
  const input = (name: 'from' | 'to', label: string) => (
    <label className="range-bound">
      <span className="mut">{label}</span>
      <span className="field">
        <input
          value={shown[name]}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem?.input === name}
          aria-describedby={problem?.input === name ? errorId : undefined}
          onChange={event => {
            setEdited({ ...edited, [name]: event.target.value });
            setProblem(undefined);
          }}
        />
      </span>
    </label>
  );
  return (
    <form
      className="range-exact"
      onSubmit={event => {
        event.preventDefault();
        apply();
      }}
    >
      {input('from', 'From')}
      {input('to', 'To')}
      <p id={errorId} className="err t11 range-problem" aria-live="polite">
        {problem?.message}
      </p>
      <ZoneChoice onChange={() => setEdited({})} />
      <p className="mut t11">A time, “now-2h”, or unix digits of any unit.</p>
      <div className="state-actions">
        <Button kind="primary" onClick={apply}>
          Apply range
        </Button>
      </div>
      <input type="submit" hidden />
    </form>
  );
}

/** Local or UTC; a zone that a link names stands as a third choice while the link is open. */
function ZoneChoice({ onChange }: { onChange: () => void }) {
  const go = useGo();
  const { toMs } = useResolvedRange();
  const zone = useZone();
  const options = [
    { value: 'local', text: `Local, ${zoneLabel(toMs, 'local')}` },
    { value: 'utc', text: 'UTC' },
    ...(zone === 'local' || zone === 'utc' ? [] : [{ value: zone, text: zone }]),
  ];
  return (
    <div className="range-zone">
      <Segmented
        label={`Time zone; local is ${resolvedZone('local')}`}
        value={zone}
        options={options}
        onChange={value => {
          if (value !== prefsStore.getState().zone) choose({ zone: value });
          go({ tz: '' }, 'replace');
          onChange();
        }}
      />
    </div>
  );
}
