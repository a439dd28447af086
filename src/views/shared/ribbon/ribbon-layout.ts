import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { RibbonScale } from './ribbon-scale.ts';

/** A ribbon in CSS px: where each part lies and where failures are marked. */
export interface RibbonLayout {
  /** Parts from left to right; neighbours of one service that would be thinner than a pixel are joined. */
  readonly parts: readonly { readonly x0: number; readonly x1: number; readonly service: string }[];
  readonly errors: readonly number[];
  /** From the end of the path to the end of the last span: work that nobody waited for. */
  readonly tail: { readonly x0: number; readonly x1: number } | undefined;
  /** Longer than the scale: cut at the right edge. */
  readonly overflows: boolean;
}

/** Parts thinner than this are swallowed by the part before them. */
const MIN_PX = 0.35;

/** `durationNs` is the whole trace's; `ribbon` is undefined until it is fetched, and then only the length is known. */
export function layoutRibbon(ribbon: Ribbon | undefined, durationNs: number, scale: RibbonScale): RibbonLayout {
  const xOf = scale.x;
  const parts: { x0: number; x1: number; service: string }[] = [];
  let at = 0;
  for (let i = 0; ribbon && i < ribbon.service.length && at < scale.maxNs; i++) {
    const service = ribbon.services[ribbon.service[i]!] ?? '';
    const x0 = xOf(at);
    at += ribbon.lengthNs[i]!;
    const x1 = xOf(at);
    const last = parts.at(-1);
    if (last && (last.service === service || x1 - last.x1 < MIN_PX)) last.x1 = x1;
    else parts.push({ x0, x1, service });
  }
  const pathEnd = xOf(ribbon ? ribbon.durationNs : 0);
  const end = xOf(durationNs);
  const errors: number[] = [];
  for (const ns of ribbon?.errorNs ?? []) if (ns <= scale.maxNs) errors.push(xOf(ns));
  return {
    parts,
    errors,
    tail: end - pathEnd >= 1 ? { x0: pathEnd, x1: end } : undefined,
    overflows: durationNs > scale.maxNs,
  };
}

/** What the ribbon says, for those who cannot see it: the services that took most of the path. */
export function ribbonSentence(ribbon: Ribbon): string {
  const total = new Map<string, number>();
  for (let i = 0; i < ribbon.service.length; i++) {
    const service = ribbon.services[ribbon.service[i]!] || 'a service without name';
    total.set(service, (total.get(service) ?? 0) + ribbon.lengthNs[i]!);
  }
  const largest = [...total].sort((a, b) => b[1] - a[1]).slice(0, 3);
  const shares = largest.map(([name, ns]) => `${name} ${Math.round((ns / ribbon.durationNs) * 100)} %`);
  return shares.length === 0 ? 'Critical path of no length' : `Critical path: ${shares.join(', ')}`;
}
