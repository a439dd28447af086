import { beforeEach, expect, it } from 'vitest';
import { openDialog, sessionStore } from '#state/session-store.ts';
import { takeForDialog, typedBefore } from './coming-dialog.ts';

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, altKey: false, metaKey: false });

beforeEach(() => openDialog(undefined));

it('keeps what is typed while a dialog is on its way', () => {
  openDialog('palette');
  expect(['p', 'a', 'x', 'Backspace', 'y', 'Enter', 'ArrowDown'].map(key => takeForDialog(press(key), false))).toEqual(
    Array(7).fill(true),
  );
  expect(typedBefore()).toBe('pay');
});

it('leaves keys to the page where no dialog is wanted, to the dialog once it is there, and to the browser', () => {
  expect(takeForDialog(press('p'), false)).toBe(false);
  openDialog('palette');
  expect(takeForDialog(press('r', true), false)).toBe(false);
  expect(takeForDialog(press('F5'), false)).toBe(false);
  expect(takeForDialog(press('p'), true)).toBe(false);
  expect(typedBefore()).toBe('');
});

it('is given up by Escape, with what was typed for it', () => {
  openDialog('palette');
  takeForDialog(press('p'), false);
  expect(takeForDialog(press('Escape'), false)).toBe(true);
  expect(sessionStore.getState().dialog).toBeUndefined();
  openDialog('palette');
  expect(typedBefore()).toBe('');
});
