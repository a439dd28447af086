import { completionStatus } from '@codemirror/autocomplete';
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  hoverTooltip,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { parseQuery } from '#domain/traceql/parse.ts';
import type { TraceqlError } from '#domain/traceql/traceql-error.ts';
import { validate } from '#domain/traceql/validate.ts';

/** Half a word is no mistake yet. */
const PAUSE_MS = 600;

const setErrors = StateEffect.define<readonly TraceqlError[]>();

const field = StateField.define<{ readonly errors: readonly TraceqlError[]; readonly marks: DecorationSet }>({
  create: () => ({ errors: [], marks: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setErrors))
        return { errors: effect.value, marks: marksOf(effect.value, transaction.newDoc.length) };
    }
    // What is being changed is judged anew once the typing rests.
    return transaction.docChanged ? { errors: [], marks: Decoration.none } : value;
  },
  provide: self => EditorView.decorations.from(self, ({ marks }) => marks),
});

/** Underlines what the parser refuses after a pause of typing; the reason and the hint show on hover. */
export const errorMarks: Extension = [
  field,
  ViewPlugin.fromClass(
    class {
      #timer: ReturnType<typeof setTimeout> | undefined;
      constructor(view: EditorView) {
        this.#plan(view);
      }
      update(update: ViewUpdate) {
        if (update.docChanged) this.#plan(update.view);
      }
      destroy() {
        clearTimeout(this.#timer);
      }
      #plan(view: EditorView) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          // A list of choices is open: the word is not finished.
          if (completionStatus(view.state) === 'active') return this.#plan(view);
          const errors = errorsIn(view.state.doc.toString());
          if (errors.length > 0) view.dispatch({ effects: setErrors.of(errors) });
        }, PAUSE_MS);
      }
    },
  ),
  hoverTooltip((view, at) => {
    const error = view.state.field(field).errors.find(({ from, to }) => from <= at && at <= Math.max(to, from + 1));
    if (!error) return null;
    return {
      pos: error.from,
      end: Math.max(error.to, error.from),
      above: false,
      create: () => ({ dom: explain(error) }),
    };
  }),
];

/** Why a text cannot be asked; nothing for an empty one. */
export function errorsIn(text: string): readonly TraceqlError[] {
  if (text.trim() === '') return [];
  const parsed = parseQuery(text);
  return parsed.ok ? validate(parsed.value, text) : [parsed.error];
}

function marksOf(errors: readonly TraceqlError[], length: number): DecorationSet {
  const mark = Decoration.mark({ class: 'q-error' });
  const ranges = errors.flatMap(({ from, to }) => {
    // The end of the text has no character of its own to underline.
    const start = Math.max(0, Math.min(from, length - 1));
    const end = Math.min(length, Math.max(to, start + 1));
    return start < end ? [mark.range(start, end)] : [];
  });
  return Decoration.set(ranges, true);
}

function explain(error: TraceqlError): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'q-explanation';
  dom.textContent = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
  return dom;
}
