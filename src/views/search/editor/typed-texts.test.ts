import { describe, expect, test } from 'vitest';
import { TypedTexts } from './typed-texts.ts';

describe('an editor whose page draws late', () => {
  test('keeps what was typed meanwhile', () => {
    const texts = new TypedTexts();
    texts.typed('{', '');
    texts.typed('{ s', '');
    expect(texts.isNew('{', '{ s')).toBe(false);
    texts.typed('{ st', '{');
    expect(texts.isNew('{ s', '{ st')).toBe(false);
    expect(texts.isNew('{ st', '{ st')).toBe(false);
  });

  test('shows what somebody else set, also what was typed once', () => {
    const texts = new TypedTexts();
    texts.typed('a', '');
    expect(texts.isNew('a', 'a')).toBe(false);
    expect(texts.isNew('{}', 'a')).toBe(true);
    expect(texts.isNew('a', '{}')).toBe(true);
  });

  test('forgets what was taken back before the page drew it', () => {
    const texts = new TypedTexts();
    texts.typed('a', '');
    texts.typed('', '');
    expect(texts.isNew('a', '')).toBe(true);
  });
});
