import type { NodeKind } from '#domain/graph/service-graph.ts';
import type { Codec } from './codec.ts';
import {
  GRAPH_HIDES,
  GRAPH_ORDERS,
  type GraphCamera,
  type GraphFocus,
  type GraphHide,
  type GraphOrder,
  type GraphPart,
} from './url-state.ts';
import { joinWords as join, splitWords as split } from './words.ts';

const KIND_SIGN: Readonly<Record<NodeKind, string>> = { service: 's', database: 'd', messaging: 'm', external: 'e' };
const SIGN_KIND: Readonly<Record<string, NodeKind>> = { s: 'service', d: 'database', m: 'messaging', e: 'external' };

/** `s~checkout` a service, `d~orders` a database …; `c~web~s~checkout` a call, `a~shop~s~mail~orders` by way of orders. */
export const graphPart: Codec<GraphPart | undefined> = {
  parse: text => partOf(split(text)),
  print: part => (part === undefined ? '' : join(partWords(part))),
};

/** `2~s~checkout`. */
export const graphFocus: Codec<GraphFocus | undefined> = {
  parse: text => {
    const [hops, ...words] = split(text);
    const node = partOf(words);
    if (!/^[1-9]$/.test(hops) || node === undefined || 'edge' in node) return undefined;
    return { node, hops: Number(hops) };
  },
  print: focus => (focus === undefined ? '' : join([String(focus.hops), ...partWords(focus.node)])),
};

/** `async~same`, in one order. */
export const graphHide: Codec<readonly GraphHide[]> = {
  parse: text => {
    const words = text.split('~');
    return GRAPH_HIDES.filter(word => words.includes(word));
  },
  print: hide => hide.join('~'),
  isWhole: (text, hide) => text === '' || text.split('~').length === hide.length,
};

/** `1200~-340~780`: what is in the middle of the picture, px of the graph, and the scale in thousandths. */
export const graphCamera: Codec<GraphCamera | undefined> = {
  parse: text => {
    const match = /^(-?\d{1,7})~(-?\d{1,7})~([1-9]\d{0,3})$/.exec(text);
    return match ? { x: whole(match[1]), y: whole(match[2]), scale: whole(match[3]) } : undefined;
  },
  print: camera => (camera === undefined ? '' : `${camera.x}~${camera.y}~${camera.scale}`),
};

/** `-p95`: by falling p95. */
export const graphOrder: Codec<GraphOrder> = {
  parse: text => {
    const key = GRAPH_ORDERS.find(name => name === text.replace(/^-/, ''));
    return key && { key, isDescending: text.startsWith('-') };
  },
  print: ({ key, isDescending }) => `${isDescending ? '-' : ''}${key}`,
};

/** `-0` is no place of its own. */
function whole(digits: string | undefined): number {
  return Number(digits) || 0;
}

function partWords(part: GraphPart): readonly string[] {
  if ('service' in part) return [KIND_SIGN.service, part.service];
  if ('peer' in part) return [KIND_SIGN[part.kind], part.peer];
  const { from, to, toKind, async, destination } = part.edge;
  const ends = [async ? 'a' : 'c', from, KIND_SIGN[toKind], to];
  return async ? [...ends, destination] : ends;
}

function partOf(words: readonly string[]): GraphPart | undefined {
  const [sign, ...rest] = words;
  if ((sign === 'c' && rest.length === 3) || (sign === 'a' && rest.length === 4)) {
    const [from, kind, to, destination = ''] = rest;
    const toKind = kindOf(kind);
    if (toKind === undefined) return undefined;
    return { edge: { from, to, toKind, async: sign === 'a', destination } };
  }
  const kind = kindOf(sign);
  if (kind === undefined || rest.length !== 1) return undefined;
  return kind === 'service' ? { service: rest[0] } : { peer: rest[0], kind };
}

function kindOf(sign: string | undefined): NodeKind | undefined {
  return sign !== undefined && Object.hasOwn(SIGN_KIND, sign) ? SIGN_KIND[sign] : undefined;
}
