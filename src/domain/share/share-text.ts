import { codeSpan, markdownLink } from '#domain/format/markdown.ts';
import { visibleText } from '#domain/format/text.ts';

/** What is told of a shared view beside its link. Names from spans may stand in both texts. */
export interface ShareWords {
  /** What it is, in a few words: `storefront POST /checkout`. */
  readonly title: string;
  /** The facts, in one line: `2.84 s, 173 spans in 12 services, 3 errors`; '' for none. */
  readonly facts: string;
  /** Absolute. */
  readonly url: string;
}

/** A link in Markdown, with the facts behind it. */
export function markdownShare({ title, facts, url }: ShareWords): string {
  const link = markdownLink(codeSpan(title), url);
  return facts === '' ? link : `${link}: ${forChat(facts)}`;
}

/**
 * For a chat such as Slack: the title in bold, the facts, the address on a line of its own. What a chat would take for a
 * mention, a link or formatting is broken up.
 */
export function slackShare({ title, facts, url }: ShareWords): string {
  return [`*${forChat(title)}*`, ...(facts === '' ? [] : [forChat(facts)]), url].join('\n');
}

/** Has no width, between two characters: what stands apart is no command. */
const APART = '\u200b';

function forChat(text: string): string {
  return visibleText(text)
    .replace(/[*_~`]/g, `${APART}$&`)
    .replace(/[<>]/g, sign => (sign === '<' ? '‹' : '›'))
    .replace(/[@#](?=\S)|\](?=[([])|:\/(?=\/)/g, `$&${APART}`)
    .trim();
}
