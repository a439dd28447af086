import { scaleLinear } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import { drawRibbon, type RibbonContext } from './draw-ribbon.ts';
import { layoutRibbon, ribbonSentence } from './ribbon-layout.ts';
import { labelledTicks, ribbonScale } from './ribbon-scale.ts';

const MS = 1e6;

function ribbon(parts: readonly (readonly [string, number])[], errorsMs: readonly number[] = []): Ribbon {
  const services = [...new Set(parts.map(([service]) => service))];
  return {
    services,
    service: Int32Array.from(parts.map(([service]) => services.indexOf(service))),
    lengthNs: Float64Array.from(parts.map(([, ms]) => ms * MS)),
    durationNs: parts.reduce((sum, [, ms]) => sum + ms * MS, 0),
    errorNs: Float64Array.from(errorsMs.map(ms => ms * MS)),
  };
}

const scale = { maxNs: 100 * MS, width: 400, x: scaleLinear([0, 100 * MS], [0, 400]).clamp(true), ticks: [] };

describe('the ribbon of a row', () => {
  it('lays parts end to end on the shared axis', () => {
    const layout = layoutRibbon(
      ribbon(
        [
          ['a', 25],
          ['b', 50],
        ],
        [75],
      ),
      75 * MS,
      scale,
    );
    expect(layout.parts).toEqual([
      { x0: 0, x1: 100, service: 'a' },
      { x0: 100, x1: 300, service: 'b' },
    ]);
    expect(layout.errors).toEqual([300]);
    expect(layout.tail).toBeUndefined();
    expect(layout.overflows).toBe(false);
  });

  it('draws on after the path where spans end later, and its whole length until the path is known', () => {
    expect(layoutRibbon(ribbon([['a', 50]]), 75 * MS, scale).tail).toEqual({ x0: 200, x1: 300 });
    expect(layoutRibbon(undefined, 75 * MS, scale)).toEqual({
      parts: [],
      errors: [],
      tail: { x0: 0, x1: 300 },
      overflows: false,
    });
  });

  it('stops at the edge', () => {
    const layout = layoutRibbon(
      ribbon(
        [
          ['a', 90],
          ['b', 90],
          ['c', 90],
        ],
        [95, 260],
      ),
      270 * MS,
      scale,
    );
    expect(layout.parts.map(part => part.x1)).toEqual([360, 400]);
    expect(layout.errors).toEqual([380]);
    expect(layout.overflows).toBe(true);
  });

  it('has parts that touch, in order, within the axis, however it is cut', () => {
    const parts = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 50, noNaN: true })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(parts, all => {
        const shape = ribbon(all);
        const layout = layoutRibbon(shape, shape.durationNs, scale);
        let at = 0;
        for (const part of layout.parts) {
          expect(part.x0).toBe(at);
          expect(part.x1).toBeGreaterThanOrEqual(part.x0);
          at = part.x1;
        }
        expect(at).toBeLessThanOrEqual(scale.width);
        if (layout.parts.length > 0) expect(at).toBeCloseTo(Math.min(400, (shape.durationNs / scale.maxNs) * 400), 6);
      }),
    );
  });

  it('is said in words', () => {
    expect(
      ribbonSentence(
        ribbon([
          ['cart', 20],
          ['payment', 70],
          ['cart', 10],
        ]),
      ),
    ).toBe('Critical path: payment 70 %, cart 30 %');
    expect(ribbonSentence(ribbon([]))).toBe('Critical path of no length');
  });

  it('is drawn: grid, bars, tail, then the failures on top', () => {
    const calls: string[] = [];
    const context = new Proxy({} as Record<string, unknown>, {
      get: (target, name: string) =>
        target[name] ?? ((...args: unknown[]) => calls.push(`${name} ${target.fillStyle} ${args}`)),
    }) as unknown as RibbonContext;
    const colours = {
      serviceColour: (s: string) => `svc-${s}`,
      grid: 'grid',
      rest: 'rest',
      error: 'error',
      halo: 'halo',
    };
    const axis = { ...scale, ticks: [{ x: 200, label: '50 ms' }] };
    drawRibbon(context, layoutRibbon(ribbon([['a', 25]], [25]), 50 * MS, axis), axis, colours, false);
    expect(calls.filter(call => call.startsWith('fillRect'))).toEqual([
      'fillRect grid 200,0,1,26',
      'fillRect svc-a 0,8,99.5,10',
      'fillRect rest 100,12,100,2',
    ]);
    expect(calls.at(-2)).toMatch(/^fill error/);
  });
});

describe('the shared axis', () => {
  it('fits the longest, unless one is far out', () => {
    expect(ribbonScale([10 * MS, 20 * MS], 400).maxNs).toBeCloseTo(20.8 * MS);
    const mostly = Array.from({ length: 40 }, () => 10 * MS);
    expect(ribbonScale([...mostly, 10_000 * MS], 400).maxNs).toBeCloseTo(31.2 * MS);
  });

  it('has an axis for anything', () => {
    for (const durations of [[], [0], [1], [Number.MAX_SAFE_INTEGER]]) {
      const axis = ribbonScale(durations, 400);
      expect(axis.maxNs).toBeGreaterThan(0);
      for (const tick of labelledTicks(axis)) {
        expect(tick.x).toBeGreaterThan(0);
        expect(tick.x).toBeLessThan(400);
      }
    }
  });
});
