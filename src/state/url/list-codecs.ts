import type { Codec } from './codec.ts';
import { RESULT_COLUMNS, type ResultColumn } from './url-state.ts';
import { joinWords, splitWords } from './words.ts';

/** Longer names of fields are no use in a link. */
const MOST_CHARACTERS = 256;

/** Different words, at most `most`, in their order: `span.http.route~resource.k8s.pod.name`; '' is none. */
export function wordList(most: number): Codec<readonly string[]> {
  const parse = (text: string) => distinctWords(text).slice(0, most);
  return {
    parse,
    print: joinWords,
    isWhole: (text, words) => text === '' || splitWords(text).length === words.length,
  };
}

/** As `wordList`; undefined is the reader's own choice, which is not written, and none at all is `-`. */
export function ownOrWords(most: number): Codec<readonly string[] | undefined> {
  const list = wordList(most);
  return {
    parse: text => (text === '' ? undefined : text === '-' ? [] : list.parse(text)),
    print: words => (words === undefined ? '' : words.length === 0 ? '-' : list.print(words)),
    isWhole: (text, words) => text === '-' || list.isWhole!(text, words ?? []),
  };
}

/** `duration~errors~start`; none at all is `-`. */
export const resultColumns: Codec<readonly ResultColumn[]> = {
  parse: text => {
    const words = text.split('~');
    const columns = RESULT_COLUMNS.filter(column => words.includes(column));
    return columns.length === 0 && text !== '-' ? undefined : columns;
  },
  print: columns => (columns.length === 0 ? '-' : columns.join('~')),
  isWhole: (text, columns) => text === '-' || text.split('~').length === columns.length,
};

function distinctWords(text: string): readonly string[] {
  return [...new Set(splitWords(text))].filter(word => word !== '' && word.length <= MOST_CHARACTERS);
}
