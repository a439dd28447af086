import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletionIndex,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { type Choices, complete } from './completion.ts';
import { editorTheme } from './editor-theme.ts';
import { errorMarks } from './error-marks.ts';
import { highlight } from './highlight.ts';
import { typeOverSelection } from './type-over-selection.ts';

/** What the editor asks of the page; called with the state of the moment. */
export interface EditorHandlers {
  readonly choices: () => Choices;
  /** Queries asked before, the latest first. */
  readonly history: () => readonly string[];
  readonly onRun: (text: string) => void;
  readonly onEscape: () => void;
  readonly onChange: (text: string) => void;
}

const EXAMPLE = '{ resource.service.name = "checkout" && status = error }';

/**
 * A CodeMirror editor in the shadow root of `host`: there it uses constructed style sheets, which the page's policy allows.
 * Enter runs, Shift+Enter breaks the line, Tab takes the choice, Escape closes the list or leaves, ↑ in an empty editor
 * lists queries asked before.
 */
export function createEditor(host: HTMLElement, text: string, handlers: EditorHandlers): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true });
  let isHistoryAsked = false;
  const source = (context: CompletionContext): CompletionResult | null | Promise<CompletionResult | null> => {
    if (!isHistoryAsked) return complete(context, handlers.choices());
    isHistoryAsked = false;
    const options = handlers.history().map((query, index) => ({ label: query, boost: -Math.min(99, index) }));
    return options.length === 0 ? null : { from: 0, to: context.state.doc.length, options, filter: false };
  };
  const isChosen = (view: EditorView) =>
    completionStatus(view.state) === 'active' && (selectedCompletionIndex(view.state) ?? -1) >= 0;
  const keys = [
    {
      key: 'Enter',
      run: (view: EditorView) => {
        if (isChosen(view)) return acceptCompletion(view);
        closeCompletion(view);
        handlers.onRun(view.state.doc.toString());
        return true;
      },
      shift: insertNewline,
    },
    {
      key: 'Tab',
      run: (view: EditorView) => {
        if (completionStatus(view.state) !== 'active') return false;
        if (!isChosen(view)) moveCompletionSelection(true)(view);
        return acceptCompletion(view);
      },
    },
    {
      key: 'Escape',
      run: (view: EditorView) => {
        if (!closeCompletion(view)) handlers.onEscape();
        return true;
      },
    },
    {
      key: 'ArrowUp',
      run: (view: EditorView) => {
        if (view.state.doc.length > 0 || completionStatus(view.state) === 'active') return false;
        isHistoryAsked = true;
        return startCompletion(view);
      },
    },
  ];
  const state = EditorState.create({
    doc: text,
    selection: { anchor: text.length },
    extensions: [
      Prec.highest(keymap.of(keys)),
      history(),
      closeBrackets(),
      EditorState.languageData.of(() => [{ closeBrackets: { brackets: ['(', '{', '"', '`'] } }]),
      autocompletion({
        override: [source],
        selectOnOpen: false,
        icons: false,
        interactionDelay: 0,
        activateOnCompletion: () => true,
      }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': 'TraceQL query',
        spellcheck: 'false',
        autocorrect: 'off',
        autocapitalize: 'off',
      }),
      placeholder(EXAMPLE),
      typeOverSelection,
      highlight,
      errorMarks,
      editorTheme,
      EditorView.updateListener.of(update => {
        if (update.docChanged) handlers.onChange(update.state.doc.toString());
      }),
    ],
  });
  return new EditorView({ state, parent: root, root });
}

/** Puts another text in place of the whole one, the cursor at its end. */
export function replaceText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: text.length } });
}
