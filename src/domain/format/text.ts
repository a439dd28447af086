/**
 * Span content is hostile text: it may hold control characters, direction overrides, invisible characters and towers of
 * combining marks. Everything that is drawn passes through here; copy and export keep the raw text.
 */

/** Code points that draw nothing or redirect what follows, apart from joiners and variation selectors (see below). */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
const JOINER = /\u200c|\u200d/u;
const VARIATION = /[\ufe00-\ufe0f]/u;
/** What a joiner may follow with a meaning: emoji, and letters of the scripts that join. */
const JOINS =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])[\p{L}\p{M}]/u;
/** What a variation selector may follow: those, and the digits and signs of keycaps. */
const VARIES = /\p{Emoji}/u;
/** No script stacks more marks than this on one letter. */
const MARKS = /(\p{M}{8})(\p{M}+)/gu;
const NEEDS_WORK = /[^\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff]/;

/**
 * One line of `text` with nothing hidden: line breaks as ⏎, tabs as ⇥, other control and invisible characters and lone
 * surrogates as ⟨U+202E⟩, towers of combining marks cut to eight and counted. Plain text comes back as it is.
 */
export function visibleText(text: string): string {
  return NEEDS_WORK.test(text) ? reveal(text, true) : text;
}

/** As `visibleText`, for blocks that keep their line breaks and tabs (stack traces, statements). CRLF becomes LF. */
export function visibleLines(text: string): string {
  return NEEDS_WORK.test(text) ? reveal(text.replaceAll('\r\n', '\n'), false) : text;
}

/** At most `max` graphemes, the last of them `…` where something was cut. Never splits a grapheme or a surrogate pair. */
export function cutEnd(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = headGraphemes(text, max);
  return kept.length === text.length ? text : `${headGraphemes(kept, max - 1)}…`;
}

/** At most `max` graphemes, cut in the middle: for ids, whose ends tell them apart. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max || headGraphemes(text, max).length === text.length) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${headGraphemes(text, max - 1 - tail)}…${tailGraphemes(text, tail)}`;
}

/**
 * The text as a link target, if it is safe to offer as one: http, https or mailto, nothing hidden in it, no backslash
 * or space, and a host where the scheme has one. Anything else (`javascript:`, `data:`, relative) is undefined.
 */
export function safeHref(text: string): string | undefined {
  const href = text.trim();
  if (href.length > 8192 || /[\s\\<>"`]/.test(href) || visibleText(href) !== href) return undefined;
  if (/^mailto:[^@/?#]+@[^@/?#]+/i.test(href)) return href;
  return hostOf(href) === undefined ? undefined : href;
}

/** Where the host stands in an http(s) link, so that it can be emphasised: `https://shop.example@[evil.example]/x`. */
export function hostOf(href: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^(https?:\/\/(?:[^/?#]*@)?)(\[[0-9a-f:.]+\]|[^/?#:@[\]]+)(?=(?::\d{0,5})?(?:[/?#]|$))/i.exec(href);
  return match === null ? undefined : { from: match[1].length, to: match[1].length + match[2].length };
}

function reveal(text: string, oneLine: boolean): string {
  return text
    .replace(INVISIBLE, (character, at: number) => {
      if (character === '\n') return oneLine ? '⏎' : character;
      if (character === '\t') return oneLine ? '⇥' : character;
      const before = codePointBefore(text, at);
      if (JOINER.test(character) && JOINS.test(before)) return character;
      if (VARIATION.test(character) && (VARIES.test(before) || JOINS.test(before))) return character;
      return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
    })
    .replace(MARKS, (_all, kept: string, rest: string) => `${kept}⟨+${[...rest].length} marks⟩`);
}

function codePointBefore(text: string, at: number): string {
  if (at === 0) return '';
  const low = text.charCodeAt(at - 1);
  const pair = low >= 0xdc00 && low <= 0xdfff && at > 1;
  return text.slice(at - (pair ? 2 : 1), at);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Code units looked at per grapheme wanted: no legible grapheme is longer, and a 10 MB one must not be walked. */
const UNITS_PER_GRAPHEME = 32;

function headGraphemes(text: string, count: number): string {
  const window = text.slice(0, count * UNITS_PER_GRAPHEME);
  let left = count;
  for (const { index } of graphemes.segment(window)) {
    if (left-- === 0) return window.slice(0, index);
  }
  return endsInsidePair(window, text) ? window.slice(0, -1) : window;
}

function tailGraphemes(text: string, count: number): string {
  if (count <= 0) return '';
  const window = text.slice(-count * UNITS_PER_GRAPHEME);
  const starts = Array.from(graphemes.segment(window), segment => segment.index);
  const tail = window.slice(starts[Math.max(0, starts.length - count)]);
  const first = tail.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff ? tail.slice(1) : tail;
}

function endsInsidePair(window: string, text: string): boolean {
  const last = window.charCodeAt(window.length - 1);
  return window.length < text.length && last >= 0xd800 && last <= 0xdbff;
}
