import { useStore as useZustand } from 'zustand';
import { type Prefs, prefsStore } from './prefs-store.ts';
import { queryHistory } from './query-history.ts';
import { type SessionState, sessionStore } from './session-store.ts';
import { useUrl } from './url/use-url.ts';

export function usePrefs<T>(select: (prefs: Prefs) => T): T {
  return useZustand(prefsStore, select);
}

export function useSession<T>(select: (session: SessionState) => T): T {
  return useZustand(sessionStore, select);
}

/** Queries that were asked in this browser, the latest first. */
export function useQueryHistory(): readonly string[] {
  return useZustand(queryHistory);
}

/** The zone times are written in: that of the link, else the reader's choice. */
export function useZone(): string {
  const { tz } = useUrl();
  const chosen = usePrefs(prefs => prefs.zone);
  return tz === '' ? chosen : tz;
}
