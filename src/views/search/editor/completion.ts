import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { visibleText } from '#domain/format/text.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { TagScope } from '#state/explore/use-tags.ts';
import { type CursorPlace, cursorPlace } from './cursor-place.ts';
import {
  afterOptions,
  fieldOptions,
  joinOptions,
  type Option,
  operatorOptions,
  stageOptions,
  startOptions,
  valueOptions,
} from './options.ts';

/** What there is to choose from, asked while typing. */
export interface Choices {
  readonly hasBaggage: boolean;
  /** Attribute names in the range. */
  tags(): Promise<readonly TagScope[]>;
  /** Values of a field among the spans that match `query`. */
  values(field: string, query: string): Promise<readonly TagValue[]>;
}

const MOST_VALUES = 200;
const WORD = /^[^\s{}()=~!<>&|^,]*$/;
/** A quoted value may hold anything but its quote. */
const VALUE = /^(?:[^\s{}()=~!<>&|^,]*|"[^"\n]*"?)$/;

/** Choices for the place of the cursor. */
export async function complete(context: CompletionContext, choices: Choices): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const place = cursorPlace(text, context.pos);
  if (place === undefined) return null;
  const isBlank = place.from === context.pos;
  // Signs are offered after a space: right after a word they would be in the way.
  const isSign = place.kind === 'operator' || place.kind === 'join' || place.kind === 'after';
  if (!context.explicit && isSign && !/\s$/.test(text.slice(0, context.pos))) return null;
  if (isSign && !isBlank) return null;
  const options = await optionsAt(place, choices);
  if (options.length === 0 || context.aborted) return null;
  const end = text[place.to] === undefined || !/[\s=!<>,)]/.test(text[place.to]!) ? ' ' : '';
  const follows =
    place.kind === 'field' && text.lastIndexOf('{', place.from - 1) > text.lastIndexOf('}', place.from - 1);
  return {
    from: place.from,
    to: place.to,
    options: options.map(option => completionOf(option, follows && !option.label.endsWith('.') ? end : '')),
    validFor: place.kind === 'value' ? VALUE : WORD,
  };
}

async function optionsAt(place: CursorPlace, choices: Choices): Promise<readonly Option[]> {
  switch (place.kind) {
    case 'start':
      return startOptions();
    case 'field':
      return fieldOptions(await choices.tags(), choices.hasBaggage);
    case 'operator':
      return operatorOptions();
    case 'join':
      return joinOptions();
    case 'after':
      return afterOptions();
    case 'stage':
      return stageOptions();
    case 'value': {
      const values = await choices.values(place.field, place.rest);
      return valueOptions(values.slice(0, MOST_VALUES), place.op === '=~' || place.op === '!~');
    }
  }
}

function completionOf(option: Option, end: string): Completion {
  const { label, detail, boost } = option;
  const apply = `${option.apply ?? label}${end}`;
  return {
    label,
    displayLabel: visibleText(label),
    apply,
    ...(detail !== undefined && { detail }),
    ...(boost !== undefined && { boost }),
  };
}
