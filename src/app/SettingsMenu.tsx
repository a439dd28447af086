import { zoneLabel } from '#domain/time/clock.ts';
import { choose, type ThemeChoice } from '#state/prefs-store.ts';
import { openDialog, sessionStore } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';
import { useGo } from '#state/url/use-url.ts';
import { usePrefs, useZone } from '#state/use-store.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { KeyCaps } from '#views/shared/KeyCaps.tsx';
import { Menu, MenuHeading, MenuItem, MenuLine } from '#views/shared/Menu.tsx';

const THEMES: readonly { value: ThemeChoice; text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

const SHARES: readonly { value: boolean; text: string }[] = [
  { value: true, text: 'Are pinned' },
  { value: false, text: 'Are only linked to' },
];

/** Theme, time zone, sharing, keys. */
export function SettingsMenu() {
  const theme = usePrefs(prefs => prefs.theme);
  const zone = useZone();
  const go = useGo();
  const { config, hasServer } = useSources();
  const pinOnShare = usePrefs(prefs => prefs.pinOnShare) ?? config.pinOnShare;
  const { nowMs } = sessionStore.getState();
  const zones = [
    { value: 'local', text: `Local time, ${zoneLabel(nowMs, 'local')}` },
    { value: 'utc', text: 'UTC' },
  ];
  return (
    <Menu
      label="Settings"
      align="end"
      trigger={props => (
        <button
          {...props}
          type="button"
          className="btn icon quiet"
          aria-label="Settings"
          data-tip="Theme, time zone, keys"
        >
          <Icon name="settings" />
        </button>
      )}
    >
      {close => (
        <>
          <MenuHeading>Theme</MenuHeading>
          {THEMES.map(option => (
            <MenuItem
              key={option.value}
              checked={option.value === theme}
              onChoose={() => {
                choose({ theme: option.value });
                close();
              }}
            >
              {option.text}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuHeading>Time zone</MenuHeading>
          {zones.map(option => (
            <MenuItem
              key={option.value}
              checked={option.value === zone}
              onChoose={() => {
                choose({ zone: option.value });
                go({ tz: '' }, 'replace');
                close();
              }}
            >
              {option.text}
            </MenuItem>
          ))}
          {hasServer && (
            <>
              <MenuLine />
              <MenuHeading>Traces that you share</MenuHeading>
              {SHARES.map(option => (
                <MenuItem
                  key={option.text}
                  checked={option.value === pinOnShare}
                  onChoose={() => {
                    choose({ pinOnShare: option.value });
                    close();
                  }}
                >
                  {option.text}
                </MenuItem>
              ))}
            </>
          )}
          <MenuLine />
          <MenuItem
            icon="keyboard"
            keys={<KeyCaps hotkey="?" />}
            onChoose={() => {
              close();
              openDialog('help');
            }}
          >
            Keys
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
