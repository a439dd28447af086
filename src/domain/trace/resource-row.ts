import type { Attribute, ResourceRow } from './trace-table.ts';

/** A resource with its service name read out. Of several attributes of one key the last counts. */
export function resourceRow(
  attributes: readonly Attribute[],
  schemaUrl: string,
  droppedAttributes: number,
): ResourceRow {
  const value = attributes.findLast(attribute => attribute.key === 'service.name')?.value;
  return { serviceName: value?.type === 'string' ? value.value : '', schemaUrl, attributes, droppedAttributes };
}
