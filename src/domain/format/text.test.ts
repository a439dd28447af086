import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEnd, cutMiddle, hostOf, safeHref, visibleLines, visibleText } from './text.ts';

const family = '👨‍👩‍👧‍👦';

describe('visibleText', () => {
  it.each([
    ['GET /cart/{id}', 'GET /cart/{id}'],
    ['Größe', 'Größe'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['a\u202egnp.exe', 'a⟨U+202E⟩gnp.exe'],
    ['\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['\0\x1b[31mred\x7f', '⟨U+0000⟩⟨U+001B⟩[31mred⟨U+007F⟩'],
    ['\u0085\u009b', '⟨U+0085⟩⟨U+009B⟩'],
    ['SELECT 1\n\tFROM t\r\n', 'SELECT 1⏎⇥FROM t⟨U+000D⟩⏎'],
    ['pay\u200bment', 'pay⟨U+200B⟩ment'],
    ['pay\u200dment', 'pay⟨U+200D⟩ment'],
    ['1\u200d2 e\u0301\u200cx', '1⟨U+200D⟩2 e\u0301⟨U+200C⟩x'],
    ['pay\ufe0fment', 'pay⟨U+FE0F⟩ment'],
    ['\ufeffbom soft\u00adhyphen', '⟨U+FEFF⟩bom soft⟨U+00AD⟩hyphen'],
    ['\ud83d', '⟨U+D83D⟩'],
    ['\ude00x', '⟨U+DE00⟩x'],
    ['\u{e0041}', '⟨U+E0041⟩'],
    [family, family],
    ['❤️ 1️⃣', '❤️ 1️⃣'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['שלום عليكم', 'שלום عليكم'],
    ['', ''],
  ])('%j is drawn as %j', (raw, drawn) => expect(visibleText(raw)).toBe(drawn));

  it('cuts a tower of combining marks and says how many it cut', () => {
    expect(visibleText(`Z${'\u0301'.repeat(50)}a`)).toBe(`Z${'\u0301'.repeat(8)}⟨+42 marks⟩a`);
  });

  it('leaves nothing hidden, whatever comes in', () => {
    const hidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
    fc.assert(fc.property(fc.string({ unit: 'binary' }), raw => void expect(visibleText(raw)).not.toMatch(hidden)));
  });

  it('is stable: drawing what was drawn changes nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        raw => void expect(visibleText(visibleText(raw))).toBe(visibleText(raw)),
      ),
    );
  });

  it('keeps lines and tabs of a block', () => {
    expect(visibleLines('at a\r\n\tat b\u202e')).toBe('at a\n\tat b⟨U+202E⟩');
  });
});

describe('cuts', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    [family + family + family, 2, `${family}…`],
    [family + family, 2, family + family],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['🙂🙂🙂', 2, '🙂…'],
    ['', 3, ''],
  ])('cutEnd(%j, %d) is %j', (text, max, cut) => expect(cutEnd(text, max)).toBe(cut));

  it.each([
    ['4bf92f3577b34da6a3ce929d0e0e4736', 13, '4bf92f…0e4736'],
    ['short', 13, 'short'],
    ['🙂🙂🙂🙂🙂', 3, '🙂…🙂'],
    ['abc', 2, 'a…'],
  ])('cutMiddle(%j, %d) is %j', (text, max, cut) => expect(cutMiddle(text, max)).toBe(cut));

  it('stays within the bound and never leaves half a character', () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        for (const cut of [cutEnd(text, max), cutMiddle(text, max)]) {
          expect([...segmenter.segment(cut)].length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('does not walk a grapheme of a million marks', () => {
    const tower = `a${'\u0301'.repeat(1_000_000)}`;
    expect(cutEnd(tower, 10).length).toBeLessThan(400);
    expect(cutMiddle(tower, 10).length).toBeLessThan(800);
  });
});

describe('safeHref', () => {
  it.each([
    'https://shop.example/cart?id=1#top',
    'HTTP://shop.example',
    'http://127.0.0.1:8080/x',
    'https://[2001:db8::1]:443/x',
    'https://user:secret@shop.example/',
    'https://xn--pple-43d.com/',
    'mailto:sre@shop.example',
  ])('offers %s', href => expect(safeHref(`  ${href} `)).toBe(href));

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '\tjava\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    '//evil.example',
    '/trace/1',
    'http:evil.example',
    'http:/evil.example',
    'https://',
    'https:///path',
    'https://a\\b.example',
    'https://\u202eelpmaxe.live',
    'https://ex\u200bample.com',
    'https://shop.example/a b',
    'https://shop.example:port/',
    'mailto:',
    'blob:https://shop.example/1',
    '',
  ])('does not offer %j', text => expect(safeHref(text)).toBeUndefined());

  it('never returns another scheme', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), (noise, url) => {
        for (const text of [noise, noise + url, url + noise]) {
          const href = safeHref(text);
          if (href !== undefined && URL.canParse(href)) expect(new URL(href).protocol).toMatch(/^(https?|mailto):$/);
        }
      }),
    );
  });

  it('agrees with the platform about the host', () => {
    const host = (href: string) => {
      const range = hostOf(href);
      return range && href.slice(range.from, range.to);
    };
    expect(host('https://shop.example@evil.example:8080/x')).toBe('evil.example');
    expect(host('https://a@b@evil.example/')).toBe('evil.example');
    expect(host('https://evil.example#@shop.example/')).toBe('evil.example');
    expect(host('https://evil.example?@shop.example/')).toBe('evil.example');
    fc.assert(
      fc.property(
        fc.webUrl({
          withFragments: true,
          withQueryParameters: true,
          authoritySettings: { withUserInfo: true, withPort: true },
        }),
        url => {
          expect(host(url)?.toLowerCase()).toBe(new URL(url).hostname);
        },
      ),
    );
  });
});
