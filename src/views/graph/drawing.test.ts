import { describe, expect, test } from 'vitest';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { fitAll, reveal } from './camera.ts';
import { draw } from './draw.ts';
import { NODE, pointOn, segmentsOf } from './geometry.ts';
import { hitTest } from './hit-test.ts';
import { type GraphPalette, heatStep } from './palette.ts';
import type { Picture } from './picture.ts';
import { NONE, neighbourhood, type Scene } from './scene.ts';
import { geometryFor, pictureFrom, slower } from './testing/drawn-graph.ts';
import { changeText, edgeSentence, nodeSentence, rateText } from './texts.ts';
import { type Direction, walk } from './walk.ts';

const SHOP =
  'web>shop:90 shop>pay:40!4 shop>cart:80 cart>db.stock:80 shop~orders~mail:30 pay>shop:5 pay>pay:3 pay>host.bank:40';
const PALETTE: GraphPalette = {
  ground: 'ground',
  card: 'card',
  border: 'border',
  accent: 'accent',
  halo: 'halo',
  track: 'track',
  ink: 'ink',
  ink2: 'ink2',
  errorInk: 'errorInk',
  error: 'error',
  slower: 'slower',
  slowerInk: 'slowerInk',
  surface: 'surface',
  warn: 'warn',
  leaf: 'leaf',
  edges: Array.from({ length: 9 }, (_, step) => `heat${step}`),
  serviceColour: service => `svc-${service}`,
  fontFamily: 'sans',
};
const node = (picture: Picture, name: string) => picture.nodes.findIndex(it => it.name === name);
const edge = (picture: Picture, from: string, to: string) =>
  picture.edges.findIndex(it => picture.nodes[it.from].name === from && picture.nodes[it.to].name === to);

function sceneOf(picture: Picture, change: Partial<Scene> = {}): Scene {
  const geometry = geometryFor(picture);
  const [width, height] = [1600, 900];
  return {
    ...{ picture, geometry, width, height, palette: PALETTE, seconds: 60, isMoving: false },
    ...{ camera: fitAll(geometry.layout, width, height), selected: NONE, selectedEnds: new Set(), cursor: NONE },
    near: undefined,
    ...change,
  };
}

/** What was drawn: texts, and strokes with their colour and dash. */
function drawn(scene: Scene) {
  const texts: string[] = [];
  const strokes: { colour: string; width: number; isDashed: boolean }[] = [];
  let isDashed = false;
  let [starts, lines] = [0, 0];
  const context = new Proxy({} as Record<string, unknown>, {
    get: (target, name: string) => {
      if (name in target) return target[name];
      if (name === 'measureText') return (text: string) => ({ width: text.length * 6 });
      if (name === 'fillText') return (text: string) => texts.push(text);
      if (name === 'setLineDash') {
        return (dash: readonly number[]) => {
          isDashed = dash.length > 0;
        };
      }
      if (name === 'beginPath') {
        return () => {
          starts = 0;
        };
      }
      if (name === 'moveTo') return () => starts++;
      if (name === 'stroke') {
        if (String(target.strokeStyle).startsWith('heat')) lines += starts;
        return () => strokes.push({ colour: String(target.strokeStyle), width: Number(target.lineWidth), isDashed });
      }
      return () => undefined;
    },
  });
  draw(context as unknown as PictureContext, scene);
  return { texts, strokes, lines };
}

describe('the drawn graph', () => {
  const picture = pictureFrom(SHOP, [slower('shop', 'cart')]);

  test('has names, figures, dashes and colours, and a badge on what changed', () => {
    const { texts, strokes } = drawn(sceneOf(picture));
    expect(texts).toEqual(expect.arrayContaining(['web', 'shop', 'pay', 'stock', 'orders', 'p95 ×4']));
    expect(strokes.filter(({ isDashed, colour }) => isDashed && colour.startsWith('heat'))).toHaveLength(2);
    expect(strokes.map(({ colour }) => colour)).toContain(`heat${heatStep(4, 40)}`);
  });

  test('has fewer words the further it is away, and none that cover others', () => {
    const scene = sceneOf(picture);
    const far = drawn({ ...scene, camera: { x: 0, y: 0, k: 0.6 } }).texts;
    expect(far).toContain('shop');
    expect(far.join()).not.toContain('/min');
    const crowd = pictureFrom(Array.from({ length: 200 }, (_, i) => `gateway>service-${i}:${i + 1}`).join(' '));
    const names = drawn(sceneOf(crowd, { camera: { x: 0, y: 0, k: 0.05 } })).texts;
    expect(names).toContain('gateway');
    expect(names.length).toBeLessThan(60);
  });

  test('frames groups under everything else and names them at every zoom', () => {
    const grouped = sceneOf(pictureFrom(SHOP, [], { shop: 'back', cart: 'back', web: 'front' }));
    expect(grouped.geometry.groups).toEqual(['back', 'front']);
    for (const k of [0.2, 0.6, 2]) {
      const scene = { ...grouped, camera: { x: 0, y: 0, k }, width: 4_000, height: 4_000 };
      expect(drawn(scene).texts).toEqual(expect.arrayContaining(['back', 'front']));
    }
    // Scrolled into a frame its name stays in sight; one that is out of sight has none.
    const [left, top] = grouped.geometry.layout.frames;
    const inside = { x: -left - 50, y: -top - 60, k: 1 };
    expect(drawn({ ...grouped, camera: inside }).texts).toContain('back');
    expect(drawn({ ...grouped, camera: { x: 9_000, y: 0, k: 1 } }).texts).toEqual([]);
  });

  test('draws straight lines by bucket when much is in sight, and the busiest alone while it moves', () => {
    const crowd = pictureFrom(Array.from({ length: 2_000 }, (_, i) => `a${i % 40}>b${i % 50}-${i}:${i + 1}`).join(' '));
    expect(drawn(sceneOf(crowd)).strokes.filter(({ colour }) => colour.startsWith('heat')).length).toBeLessThan(40);
    const still = { ...sceneOf(crowd), camera: { x: 0, y: 0, k: 0.3 }, height: 40_000 };
    const edges = (scene: Scene) => drawn(scene).lines;
    expect(edges(still)).toBe(2_000);
    expect(edges({ ...still, isMoving: true })).toBe(500);
  });

  test.each([0.1, 0.7, 1, 2.5])('is hit where it is drawn, at a scale of %d', k => {
    const { geometry } = sceneOf(picture);
    const camera = { x: 31, y: -17, k };
    const at = (x: number, y: number) => hitTest(picture, geometry, camera, x * k + camera.x, y * k + camera.y);
    for (let i = 0; i < picture.nodes.length; i++) {
      expect(at(geometry.layout.x[i] + NODE.nodeWidth / 2, geometry.layout.y[i] + NODE.nodeHeight / 2)).toEqual({
        node: i,
      });
    }
    for (const [e, { from, to }] of picture.edges.entries()) {
      const route = geometry.routes[e];
      const isLoop = from === to;
      const [x, y] = pointOn(route, isLoop, segmentsOf(route, isLoop) - 1, isLoop ? 0.5 : 0.97);
      const hit = at(x, y);
      if (k >= 0.7) expect(hit, `edge ${e}`).toEqual({ edge: e });
    }
    expect(at(-400, -400)).toBeUndefined();
  });

  test('lights a node with its calls and their other ends', () => {
    const lit = neighbourhood(picture, { nodes: new Set([node(picture, 'cart')]), edges: new Set() });
    expect([...lit.nodes].map(i => picture.nodes[i].name).sort()).toEqual(['cart', 'shop', 'stock']);
    expect(lit.edges.size).toBe(2);
  });

  test('is walked along the calls', () => {
    const { geometry } = sceneOf(picture);
    let at: ReturnType<typeof walk> = { node: node(picture, 'shop') };
    let by = -1;
    const press = (direction: Direction) => {
      const next = walk(picture, geometry, at, by, direction);
      if (at !== undefined && 'node' in at) by = at.node;
      at = next ?? at;
      return at;
    };
    expect(press('right')).toEqual({ edge: edge(picture, 'shop', 'cart') });
    expect(press('down')).toEqual({ edge: edge(picture, 'shop', 'pay') });
    expect(press('right')).toEqual({ node: node(picture, 'pay') });
    expect(press('left')).toEqual({ edge: edge(picture, 'shop', 'pay') });
    expect(press('left')).toEqual({ node: node(picture, 'shop') });
  });

  test('is brought into sight with as little movement as needed', () => {
    const box = { x: 0, y: 0, width: 100, height: 40 };
    expect(reveal({ x: 50, y: 50, k: 1 }, box, 400, 300)).toEqual({ x: 50, y: 50, k: 1 });
    expect(reveal({ x: 390, y: -90, k: 1 }, box, 400, 300)).toEqual({ x: 276, y: 24, k: 1 });
  });
});

describe('words', () => {
  test('say rates of any size', () => {
    expect([0, 2_800_000, 160_000, 1_500, 90, 3].map(calls => rateText(calls, 1000))).toEqual([
      '0/s',
      '2.8k/s',
      '160/s',
      '1.5/s',
      '5.4/min',
      '11/h',
    ]);
  });

  test('say what changed', () => {
    const change = slower('a', 'b');
    expect(changeText(change)).toBe('p95 ×4');
    expect(changeText({ ...change, what: 'rate', before: 8, now: 2 })).toBe('calls ÷4');
    expect(changeText({ ...change, what: 'errors', before: 0, now: 0.5 })).toBe('err 50\u00a0%');
    expect(changeText({ ...change, what: 'new', before: 0, now: 1 })).toBe('new');
  });

  test('say nodes and edges to a screen reader', () => {
    const grouped = pictureFrom('web>shop', [], { shop: 'back' });
    expect(nodeSentence(grouped, node(grouped, 'shop'), 60)).toMatch(/^shop, service, of back, /);
    const picture = pictureFrom(SHOP, [slower('shop', 'cart')]);
    expect(nodeSentence(picture, node(picture, 'orders'), 60)).toBe(
      'orders, queue or topic, 30/min, called by 1, calls 1',
    );
    expect(edgeSentence(picture, edge(picture, 'shop', 'pay'), 60)).toBe(
      'shop calls pay, 40/min, p95 80 ms, 10 % errors',
    );
    expect(edgeSentence(picture, edge(picture, 'shop', 'cart'), 60)).toContain('p95 ×4');
  });
});
