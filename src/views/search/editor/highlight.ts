import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { type TokenClass, tokenSpans } from './token-spans.ts';

const MARKS: Readonly<Record<TokenClass, Decoration>> = {
  field: Decoration.mark({ class: 'q-field' }),
  string: Decoration.mark({ class: 'q-value' }),
  number: Decoration.mark({ class: 'q-value' }),
  word: Decoration.mark({ class: 'q-word' }),
  operator: Decoration.mark({ class: 'q-operator' }),
  brace: Decoration.mark({ class: 'q-operator' }),
  comment: Decoration.mark({ class: 'q-comment' }),
  broken: Decoration.mark({ class: 'q-broken' }),
};

/** Draws the tokens of the language. */
export const highlight: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = decorate(update.view);
    }
  },
  { decorations: plugin => plugin.decorations },
);

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to, kind } of tokenSpans(view.state.doc.toString())) builder.add(from, to, MARKS[kind]);
  return builder.finish();
}
