import type { TagValue } from '#domain/search/trace-summary.ts';
import { listOf, objectOf, textOf } from './json.ts';

export interface TagScopeReply {
  readonly name: string;
  readonly tags: readonly string[];
}

/** The reply of `GET /api/v2/search/tags`. */
export function decodeTags(json: unknown): TagScopeReply[] {
  return listOf(objectOf(json).scopes).map(scope => ({
    name: textOf(objectOf(scope).name),
    tags: listOf(objectOf(scope).tags).filter(tag => typeof tag === 'string'),
  }));
}

const TYPES = ['string', 'int', 'float', 'bool', 'duration', 'keyword'] as const;

/** The reply of `GET /api/v2/search/tag/{tag}/values`. A type we do not know reads as a string. */
export function decodeTagValues(json: unknown): TagValue[] {
  return listOf(objectOf(json).tagValues).map(entry => {
    const { type, value } = objectOf(entry);
    return { type: TYPES.find(known => known === type) ?? 'string', value: textOf(value) };
  });
}
