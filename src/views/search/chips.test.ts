import { describe, expect, it } from 'vitest';
import type { Filter, FilterField } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { choiceOf, editChips, oppositeOp } from './chips.ts';
import { chipText } from './field-names.ts';

const service: FilterField = { kind: 'service' };
const text = (value: string): TagValue => ({ type: 'string', value });
const is = (...values: string[]): Filter => ({ field: service, op: '=', values: values.map(text) });
const isNot = (...values: string[]): Filter => ({ field: service, op: '!=', values: values.map(text) });
const slow: Filter = { field: { kind: 'duration' }, op: '>', values: [{ type: 'duration', value: '1s' }] };
const said = (chips: readonly Filter[]) => chips.map(chipText);

describe('editing chips', () => {
  it('a second value of one field joins the first', () => {
    expect(said(editChips([is('cart')], { type: 'add', filter: is('payment') }))).toEqual([
      'service = cart or payment',
    ]);
    expect(said(editChips([is('cart')], { type: 'add', filter: is('cart') }))).toEqual(['service = cart']);
  });

  it('bounds of a duration stay two chips', () => {
    const upper: Filter = { field: { kind: 'duration' }, op: '<', values: [{ type: 'duration', value: '5s' }] };
    expect(said(editChips([slow], { type: 'add', filter: upper }))).toEqual(['duration > 1s', 'duration < 5s']);
  });

  it('a value is never asked for and left out at once', () => {
    const chips = editChips([is('cart', 'payment')], {
      type: 'toggle-value',
      field: service,
      value: text('cart'),
      exclude: true,
    });
    expect(said(chips)).toEqual(['service = payment', 'service ≠ cart']);
  });

  it('taking the last value away takes the chip away', () => {
    const edit = { type: 'toggle-value', field: service, value: text('cart'), exclude: false } as const;
    expect(editChips([slow, is('cart')], edit)).toEqual([slow]);
  });

  it('only: replaces what was chosen of the field, keeps other conditions on it', () => {
    const regex: Filter = { field: service, op: '=~', values: [text('pay.*')] };
    const chips = editChips([is('cart'), regex, isNot('auth'), slow], {
      type: 'only',
      field: service,
      value: text('fraud'),
    });
    expect(said(chips)).toEqual(['service matches pay.*', 'duration > 1s', 'service = fraud']);
  });

  it('inverts, pauses and removes in place', () => {
    expect(said(editChips([slow, is('cart')], { type: 'toggle-exclude', at: 1 }))).toEqual([
      'duration > 1s',
      'service ≠ cart',
    ]);
    const paused = editChips([slow, is('cart')], { type: 'toggle-pause', at: 0 });
    expect(said(paused)).toEqual(['duration > 1s, paused', 'service = cart']);
    expect(editChips(paused, { type: 'toggle-pause', at: 0 })).toEqual([slow, is('cart')]);
    expect(editChips([slow, is('cart')], { type: 'remove', at: 0 })).toEqual([is('cart')]);
  });

  it('a paused chip takes no part in choices', () => {
    const paused: Filter = { ...is('cart'), paused: true };
    expect(choiceOf([paused], service, text('cart'))).toBeUndefined();
    expect(choiceOf([is('cart')], service, text('cart'))).toBe('include');
    expect(choiceOf([isNot('cart')], service, text('cart'))).toBe('exclude');
    const edit = { type: 'toggle-value', field: service, value: text('cart'), exclude: false } as const;
    expect(said(editChips([paused], edit))).toEqual(['service = cart, paused', 'service = cart']);
  });

  it('inverting twice is nothing', () => {
    for (const op of ['=', '!=', '=~', '!~', '<', '<=', '>', '>=', 'exists', 'missing'] as const) {
      expect(oppositeOp(oppositeOp(op))).toBe(op);
    }
  });
});
