import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeCell, codeSpan, markdownLink, markdownTable } from './markdown.ts';
import { visibleText } from './text.ts';

const nasty = fc.string({
  unit: fc.oneof(fc.constantFrom('`', '``', '|', '\\', ' ', '<', '>', '[', ']', '\n', 'a'), fc.string()),
  maxLength: 12,
});

/** What CommonMark shows for a text that is one code span; undefined if it is none, or more than one. */
function shown(markdown: string): string | undefined {
  const fence = /^`+/.exec(markdown)?.[0] ?? '';
  const closing = [...markdown.matchAll(/`+/g)].find(({ 0: run, index }) => index > 0 && run === fence);
  if (fence === '' || closing?.index !== markdown.length - fence.length) return undefined;
  const content = markdown.slice(fence.length, -fence.length);
  return /^ .* $/.test(content) && /[^ ]/.test(content) ? content.slice(1, -1) : content;
}

describe('codeSpan', () => {
  it('shows any text as it is, on one line, and nothing of it is markup', () => {
    fc.assert(
      fc.property(nasty, text => {
        const line = visibleText(text);
        const markdown = codeSpan(text);
        expect(markdown).not.toMatch(/[\r\n]/);
        if (line === '') expect(markdown).toBe('');
        else if (/[^ ]/.test(line)) expect(shown(markdown)).toBe(line);
        else expect(shown(markdown)?.trim()).toBe('');
      }),
    );
  });

  it('fences backticks with more of them', () => {
    expect(codeSpan('GET /')).toBe('`GET /`');
    expect(codeSpan('a`b')).toBe('``a`b``');
    expect(codeSpan('`x`')).toBe('`` `x` ``');
    expect(codeSpan('two\nlines')).toBe('`two⏎lines`');
  });
});

describe('codeCell', () => {
  /** Cells of a line, whether a backslash escapes only a bar (as some readers have it) or any sign. */
  const cells = (line: string, escapes: RegExp): number => line.replace(escapes, '').split('|').length - 2;

  it('never ends its cell', () => {
    fc.assert(
      fc.property(nasty, nasty, (a, b) => {
        const line = markdownTable(['A', 'B'], [[codeCell(a), codeCell(b)]]).split('\n')[2];
        expect(cells(line, /\\[!-/:-@[-`{-~]/g), line).toBe(2);
        expect(cells(line, /\\\|/g), line).toBe(2);
      }),
    );
  });

  it('escapes bars, and writes the few that cannot be escaped as ¦', () => {
    expect(codeCell('a || b')).toBe('`a \\|\\| b`');
    expect(codeCell('a\\|b')).toBe('`a\\¦b`');
  });
});

describe('markdownLink', () => {
  it('keeps the address one address', () => {
    expect(markdownLink('`x`', 'http://a/?q={ a > 1 } \n<b>')).toBe(
      '[`x`](<http://a/?q={%20a%20%3E%201%20}%20%0A%3Cb%3E>)',
    );
  });
});
