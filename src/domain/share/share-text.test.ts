import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownShare, slackShare } from './share-text.ts';

const url = 'https://traces.example.net/p/9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03';
const words = { title: 'storefront POST /checkout', facts: '2.84 s, 173 spans, 3 errors', url };
const hostile = fc.array(
  fc.constantFrom('@', 'here', '<', '!', 'channel', '>', '*', ' ', '\n', 'https://e.vil', '|', '`', '](x)', '\u202e'),
);

describe('a shared view in Markdown', () => {
  it('is a link with the facts behind it', () => {
    expect(markdownShare(words)).toBe(`[\`storefront POST /checkout\`](<${url}>): 2.84 s, 173 spans, 3 errors`);
    expect(markdownShare({ ...words, facts: '' })).toBe(`[\`storefront POST /checkout\`](<${url}>)`);
  });

  it('is one line with one address, whatever the names are', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, facts) => {
        const text = markdownShare({ title: title.join(''), facts: facts.join(''), url });
        expect(text).not.toContain('\n');
        const withoutCode = text.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
        expect(withoutCode.split('](')).toHaveLength(2);
        expect(withoutCode).not.toMatch(/@\w/);
      }),
    );
  });
});

describe('a shared view for a chat', () => {
  it('is the title, the facts, and the address by itself', () => {
    expect(slackShare(words)).toBe(`*storefront POST /checkout*\n2.84 s, 173 spans, 3 errors\n${url}`);
    expect(slackShare({ ...words, facts: '' })).toBe(`*storefront POST /checkout*\n${url}`);
  });

  it('mentions nobody and links nowhere else, whatever the names are', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, facts) => {
        const lines = slackShare({ title: title.join(''), facts: facts.join(''), url }).split('\n');
        expect(lines.at(-1)).toBe(url);
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines.slice(0, -1)) expect(line).not.toMatch(/[<>]|@\w|:\/\//);
      }),
    );
  });
});
