import { type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

/**
 * Typing over a selection: left to itself, the browser keeps the look of what it deletes in a style attribute, which the
 * page's policy refuses. So the editor puts the character in; text that is being composed stays with the browser.
 */
export const typeOverSelection: Extension = Prec.highest(
  keymap.of([
    {
      any(view, event) {
        const { main } = view.state.selection;
        if (main.empty || event.key.length !== 1 || event.isComposing || view.composing) return false;
        if (event.ctrlKey || event.metaKey || event.altKey) return false;
        const { from, to } = main;
        const text = event.key;
        const insert = () =>
          view.state.update({
            changes: { from, to, insert: text },
            selection: { anchor: from + text.length },
            userEvent: 'input.type',
            scrollIntoView: true,
          });
        const isTaken = view.state.facet(EditorView.inputHandler).some(handle => handle(view, from, to, text, insert));
        if (!isTaken) view.dispatch(insert());
        return true;
      },
    },
  ]),
);
