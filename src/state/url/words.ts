// Words may hold anything: `~` parts them, and `!` stands before a `~` or `!` that belongs to a word.

/** `['a~b', 'c']` as `a!~b~c`. */
export function joinWords(words: readonly string[]): string {
  return words.map(word => word.replace(/[~!]/g, '!$&')).join('~');
}

/** The reverse of `joinWords`; '' is one empty word. */
export function splitWords(text: string): [string, ...string[]] {
  const words: [string, ...string[]] = [''];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '~') words.push('');
    else {
      if (text[i] === '!' && i + 1 < text.length) i++;
      words[words.length - 1] += text[i];
    }
  }
  return words;
}
