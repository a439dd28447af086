import { describe, expect, it } from 'vitest';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SvgContext } from '#views/shared/picture/svg-context.ts';
import type { Palette } from '#views/waterfall/palette.ts';
import { serviceSlots } from '#views/waterfall/service-slots.ts';
import { WaterfallModel } from '#views/waterfall/waterfall-model.ts';
import { MOST_ROWS, pictureRows } from './picture-rows.ts';
import { waterfallPicture } from './waterfall-picture.ts';

const shade = Array.from({ length: 13 }, (_, i) => `slot-${i}`);
const palette: Palette = {
  ...{ surface: 'surface', sunk: 'sunk', hover: 'hover', selected: 'selected', grid: 'grid' },
  ...{
    ink: 'ink',
    ink2: 'ink2',
    ink3: 'ink3',
    glyph: 'glyph',
    accent: 'accent',
    error: 'error',
    warn: 'warn',
    warnInk: 'warn-ink',
  },
  ...{ path: 'path', pathHalo: 'path-halo', hatch: 'url(#hatch)', font: '11px sans-serif' },
  working: shade,
  waiting: shade.map(name => `pale-${name}`),
};

function modelOf(spans: readonly PlainSpan[]): WaterfallModel {
  return new WaterfallModel(tableOfSpans(spans));
}

/** The picture as the text of an SVG document. */
function svg(model: WaterfallModel): string {
  const look = {
    palette,
    family: 'sans-serif',
    slots: serviceSlots(model.table, {}),
    zone: 'utc' as const,
    treeWidth: 404,
  };
  const picture = waterfallPicture(model, look);
  const context = new SvgContext({ measure: text => 6 * text.length, colour: css => css });
  picture.paint(context);
  return context.document(picture.width, picture.height, picture.title);
}

const texts = (document: string): string[] => Array.from(document.matchAll(/>([^<>]+)<\/text>/g), ([, text]) => text);
const drawing = `
  gateway  GET /checkout        |----------------|
  cart       SELECT items         |---|
  pay        POST /charge !           |-------|
  bank         settle                   |--|
`;

describe('the waterfall as a picture', () => {
  it('has the name of the trace, its rows, their own time and their bars', () => {
    const shown = texts(svg(modelOf(readDrawing(drawing))));
    expect(shown[0]).toBe('gateway GET /checkout');
    expect(shown[1]).toMatch(/4 spans in 4 services, 1 error, .* UTC, trace [0-9a-f]{32}$/);
    expect(shown).toEqual(expect.arrayContaining(['cart', 'SELECT items', 'pay', 'POST /charge', 'bank', 'settle']));
    expect(shown.filter(text => / ms$/.test(text.replace('\u00a0', ' '))).length).toBeGreaterThanOrEqual(8);
  });

  it('keeps what the reader folded, and the stretch of time that is on screen', () => {
    const model = modelOf(readDrawing(drawing));
    const height = (document: string) => Number(/ height="(\d+)"/.exec(document)?.[1]);
    const whole = svg(model);
    model.setClosed(2, true);
    const folded = svg(model);
    expect(texts(folded)).not.toContain('settle');
    expect(texts(folded)).toContain('+ 1');
    expect(height(whole) - height(folded)).toBe(22);
    model.lookAt({ startNs: 0, widthNs: model.spanNs / 8 });
    expect(texts(svg(model)).some(text => text.startsWith('starts '))).toBe(true);
  });

  it('leaves out rows that are too many, and says which', () => {
    const [root] = readDrawing('web  GET /  |----|');
    const spans = Array.from({ length: MOST_ROWS + 50 }, (_, i) => ({
      ...root,
      spanId: (i + 1).toString(16).padStart(16, '0'),
      parentSpanId: i === 0 ? '' : '0000000000000001',
      name: `step ${i}`,
      startUnixNano: root.startUnixNano + BigInt(i),
    }));
    const model = modelOf(spans);
    model.setGrouping(false);
    const shown = texts(svg(model));
    expect(shown).toContain(`Rows 1 to 250 of 300; 50 are not in this picture`);
    expect(shown).toContain('step 249');
    expect(shown).not.toContain('step 250');
  });

  it('holds names as text, no script, nothing from elsewhere, and only numbers', () => {
    const hostile = '</text><script>alert(1)</script><image href="https://evil.example/x"/>';
    const [span] = readDrawing('web  GET /  |----|');
    const resource = { attributes: [{ key: 'service.name', value: { type: 'string' as const, value: hostile } }] };
    const document = svg(modelOf([{ ...span, traceId: DRAWN_TRACE_ID, name: hostile, resource }]));
    expect(document).not.toMatch(/<(script|image|foreignObject|style|use|a)\b|<[^>]*\s(href|src|on\w+)=/);
    expect(document).not.toMatch(/NaN|Infinity|undefined/);
    expect(document.match(/<g /g)?.length).toBe(document.match(/<\/g>/g)?.length);
  });

  it('of an empty trace is a picture, too', () => {
    expect(texts(svg(modelOf([])))).toContain('working');
  });
});

describe('pictureRows', () => {
  it('begins with the first row on screen where not all fit, and never ends beyond the last', () => {
    expect(pictureRows(5, 0, 10)).toEqual({ first: 0, count: 5, note: undefined });
    expect(pictureRows(100, 22 * 30, 10)).toMatchObject({ first: 30, count: 10 });
    expect(pictureRows(100, 22 * 99, 10)).toMatchObject({ first: 90, count: 10 });
    expect(pictureRows(0, 0)).toEqual({ first: 0, count: 0, note: undefined });
  });
});
