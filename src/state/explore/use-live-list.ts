import { useReducer, useRef } from 'react';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { type LiveList, nextLiveList, startLiveList } from './live-list.ts';
import type { Search } from './use-search.ts';

const NONE: readonly TraceSummary[] = [];

/**
 * The rows to show of a search: in live mode at most so many new ones a second as the eye can follow, else all.
 * `question` names what is asked; the answer to another one starts anew.
 */
export function useLiveList(
  search: Search,
  live: boolean,
  question: string,
): { readonly list: LiveList; readonly showAll: () => void } {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const answer = search.result?.traces ?? NONE;
  const last = useRef<{ question: string; list: LiveList }>(undefined);
  const kept = last.current;
  // Until it is answered, what is shown belongs to the question before.
  const answered = search.isOutdated ? (kept?.question ?? question) : question;
  if (kept === undefined || kept.question !== answered || (!live && kept.list.shown !== answer)) {
    last.current = { question: answered, list: startLiveList(answer, search.answeredAtMs) };
  } else if (kept.list.answer !== answer) {
    last.current = { question: answered, list: nextLiveList(kept.list, answer, search.answeredAtMs) };
  }
  const showAll = () => {
    last.current = { question: answered, list: startLiveList(answer, search.answeredAtMs) };
    redraw();
  };
  return { list: last.current!.list, showAll };
}
