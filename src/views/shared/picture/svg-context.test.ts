import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SvgContext } from './svg-context.ts';

const help = { measure: (text: string) => text.length * 6, colour: (css: string) => css };

test('names stand in it as text, whatever they are', () => {
  const context = new SvgContext(help);
  context.font = '600 12px Inter, "Noto Sans"';
  context.fillText('<script>alert(1)</script>', 3, 4);
  const text = context.document(10, 20, '"><script>');
  expect(text).not.toMatch(/<script/);
  expect(text).toContain('&#60;script&#62;alert(1)&#60;/script&#62;</text>');
  expect(text).toContain('font-family="Inter, &#34;Noto Sans&#34;" font-size="12" font-weight="600"');
});

test('no text breaks out of its element', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const context = new SvgContext(help);
      context.fillText(text, 0, 0);
      const body = context.document(1, 1, text);
      expect(body.match(/<(?!\/?(?:\?xml|svg|title|text)\b)/g)).toBeNull();
      expect(body.isWellFormed()).toBe(true);
    }),
  );
});

test('lines, dashes and circles keep their numbers', () => {
  const context = new SvgContext(help);
  context.strokeStyle = 'rgb(1, 2, 3)';
  context.lineWidth = 2;
  context.setLineDash([6, 4]);
  context.beginPath();
  context.moveTo(0, 0);
  context.bezierCurveTo(5, 0, 5, 10, 10, 10);
  context.stroke();
  context.beginPath();
  context.arc(5, 5, 2, 0, 2 * Math.PI);
  context.fill();
  const text = context.document(10, 10, 'x');
  expect(text).toContain(
    '<path d="M0 0C5 0 5 10 10 10" fill="none" stroke="rgb(1, 2, 3)" stroke-width="2" stroke-dasharray="6 4"/>',
  );
  expect(text).toContain('d="M7 5A2 2 0 0 1 3 5A2 2 0 0 1 7 5"');
});
