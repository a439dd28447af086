import type { EdgeChange } from '#domain/api/graph-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatPercent, NBSP, significant } from '#domain/format/number.ts';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import type { Picture, PictureEdge, PictureNode } from './picture.ts';

const MAX_NAME = 200;
const SHOWN_ERRORS = 0.0005;

/** A name as it is shown. */
export function nameText(name: string): string {
  return name === '' ? 'unknown service' : visibleText(cutEnd(name, MAX_NAME));
}

/** Calls a second; what is rarer, a minute or an hour: `2.8k/s`, `160/s`, `3/min`. */
export function rateText(calls: number, seconds: number): string {
  const rate = calls / (seconds || 1);
  if (calls === 0) return '0/s';
  if (rate >= 999.5) return `${significant(rate / 1000)}k/s`;
  if (rate >= 0.995) return `${significant(rate)}/s`;
  if (rate * 60 >= 0.995) return `${significant(rate * 60)}/min`;
  return `${significant(rate * 3600)}/h`;
}

/** Under the name of a node: rate, p95, share of errors; each only where there is something to say. */
export function figuresText(node: PictureNode | PictureEdge, seconds: number): { plain: string; errors: string } {
  const plain = [rateText(node.calls, seconds), ...(node.p95Ns > 0 ? [durationText(node.p95Ns)] : [])];
  return { plain: plain.join(' · '), errors: errorsText(node) };
}

function errorsText({ errors, calls }: { errors: number; calls: number }): string {
  const share = calls === 0 ? 0 : errors / calls;
  return share < SHOWN_ERRORS ? '' : formatPercent(share);
}

/** A change in a few letters: `p95 ×4.1`. */
export function changeText({ what, before, now }: EdgeChange): string {
  if (what === 'new') return 'new';
  if (what === 'gone') return 'gone';
  const word = what === 'errors' ? 'err' : what === 'rate' ? 'calls' : what;
  if (before === 0) return word === 'err' ? `err ${formatPercent(now)}` : `${word} new`;
  return now >= before ? `${word} ×${significant(now / before)}` : `${word} ÷${significant(before / now)}`;
}

const KIND_WORD = {
  service: 'service',
  database: 'data store',
  messaging: 'queue or topic',
  external: 'external',
} as const;

/** What a screen reader says of a node. */
export function nodeSentence(picture: Picture, node: number, seconds: number): string {
  const it = picture.nodes[node];
  const { plain, errors } = figuresText(it, seconds);
  const calls = picture.edges.filter(edge => edge.from === node).length;
  const callers = picture.edges.filter(edge => edge.to === node).length;
  const parts = [nameText(it.name), KIND_WORD[it.kind], plain];
  if (errors !== '') parts.push(`${errors} errors`);
  parts.push(`called by ${callers}, calls ${calls}`);
  return parts.join(', ').replaceAll(NBSP, ' ');
}

/** What a screen reader says of an edge. */
export function edgeSentence(picture: Picture, edge: number, seconds: number): string {
  const it = picture.edges[edge];
  const { plain, errors } = figuresText(it, seconds);
  const ends = `${nameText(picture.nodes[it.from].name)} calls ${nameText(picture.nodes[it.to].name)}`;
  const parts = [ends, ...(it.async ? ['asynchronous'] : []), plain];
  if (errors !== '') parts.push(`${errors} errors`);
  if (it.clientOnly > 0) parts.push('seen from the caller alone');
  if (it.change !== undefined) parts.push(changeText(it.change));
  return parts.join(', ').replaceAll(NBSP, ' ');
}
