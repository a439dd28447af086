import { createStore } from 'zustand/vanilla';

/** What lives as long as the tab: nothing of it is in a link or saved. */
export interface SessionState {
  /** The instant that `now` in the range stands for; moves only when the reader (or live mode) refreshes. */
  readonly nowMs: number;
  /** Text of the polite live region; a changed `id` speaks it again. */
  readonly announcement: { readonly id: number; readonly text: string };
  readonly dialog: 'help' | 'palette' | 'files' | 'share' | undefined;
}

export const sessionStore = createStore<SessionState>(() => ({
  nowMs: Date.now(),
  announcement: { id: 0, text: '' },
  dialog: undefined,
}));

/**
 * Resolves relative ranges against the present instant. Queries know seconds: within one second the instant moves on by
 * another, or asking again would be answered from what is already here.
 */
export function refreshRange(): void {
  const now = Date.now();
  sessionStore.setState(({ nowMs }) => ({ nowMs: secondOf(now) > secondOf(nowMs) ? now : nowMs + 1000 }));
}

const secondOf = (ms: number) => Math.floor(ms / 1000);

/** Speaks a sentence once through the page's polite live region. */
export function announce(text: string): void {
  sessionStore.setState(state => ({ announcement: { id: state.announcement.id + 1, text } }));
}

export function openDialog(dialog: SessionState['dialog']): void {
  sessionStore.setState({ dialog });
}
