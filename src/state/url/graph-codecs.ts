import type { NodeKind } from '#domain/graph/service-graph.ts';
import type { Codec } from './codec.ts';
import { GRAPH_HIDES, type GraphFocus, type GraphHide, type GraphPart } from './url-state.ts';

// Names may hold anything: `~` parts, and `!` stands before a `~` or `!` that belongs to a name.

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
};

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

function join(words: readonly string[]): string {
  return words.map(word => word.replace(/[~!]/g, '!$&')).join('~');
}

function split(text: string): string[] {
  const words = [''];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '~') words.push('');
    else {
      if (text[i] === '!' && i + 1 < text.length) i++;
      words[words.length - 1] += text[i];
    }
  }
  return words;
}
