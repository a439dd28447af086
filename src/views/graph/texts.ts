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

/** Calls a second; what is rarer, a minute or an hour: `2.8k/s`, `160/s`, `3.2/min`. */
export function rateText(calls: number, seconds: number): string {
  const rate = calls / (seconds || 1);
  if (calls === 0) return '0/s';
  if (rate >= 999.5) return `${twoDigits(rate / 1000)}k/s`;
  if (rate >= 0.95) return `${twoDigits(rate)}/s`;
  if (rate * 60 >= 0.95) return `${twoDigits(rate * 60)}/min`;
  return `${twoDigits(rate * 3600)}/h`;
}

function twoDigits(value: number): string {
  return significant(value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value));
}

/** What stands under the name: rate, p95, share of errors; '' where there is nothing to say. */
export function figuresOf(it: PictureNode | PictureEdge, seconds: number) {
  const share = it.calls === 0 ? 0 : it.errors / it.calls;
  return {
    rate: rateText(it.calls, seconds),
    p95: it.p95Ns > 0 ? durationText(it.p95Ns) : '',
    errors: share < SHOWN_ERRORS ? '' : formatPercent(share),
  };
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
  const calls = picture.edges.filter(edge => edge.from === node).length;
  const callers = picture.edges.filter(edge => edge.to === node).length;
  const group = it.group === '' ? [] : [`of ${nameText(it.group)}`];
  const parts = [nameText(it.name), KIND_WORD[it.kind], ...group, ...figureWords(it, seconds)];
  parts.push(`called by ${callers}, calls ${calls}`);
  return parts.join(', ').replaceAll(NBSP, ' ');
}

/** What a screen reader says of an edge. */
export function edgeSentence(picture: Picture, edge: number, seconds: number): string {
  const it = picture.edges[edge];
  const ends = `${nameText(picture.nodes[it.from].name)} calls ${nameText(picture.nodes[it.to].name)}`;
  const parts = [ends, ...(it.async ? ['asynchronous'] : []), ...figureWords(it, seconds)];
  if (it.clientOnly > 0) parts.push('seen from the caller alone');
  if (it.change !== undefined) parts.push(changeText(it.change));
  return parts.join(', ').replaceAll(NBSP, ' ');
}

function figureWords(it: PictureNode | PictureEdge, seconds: number): string[] {
  const { rate, p95, errors } = figuresOf(it, seconds);
  return [rate, ...(p95 === '' ? [] : [`p95 ${p95}`]), ...(errors === '' ? [] : [`${errors} errors`])];
}
