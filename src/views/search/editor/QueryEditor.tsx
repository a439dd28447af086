import type { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { useEditorChoices } from '#state/explore/use-editor-choices.ts';
import { queryHistory } from '#state/query-history.ts';
import { createEditor, replaceText } from './create-editor.ts';
import { TypedTexts } from './typed-texts.ts';

export interface QueryEditorProps {
  readonly text: string;
  readonly autoFocus: boolean;
  /** The id of what explains why the text cannot be asked. */
  readonly errorId: string | undefined;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
  readonly onEscape: () => void;
}

/** The TraceQL editor; a chunk of its own. */
export function QueryEditor(props: QueryEditorProps) {
  const { text, errorId } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const choices = useEditorChoices();
  const typed = useRef(new TypedTexts());
  const latest = useRef({ props, choices });
  latest.current = { props, choices };

  useEffect(() => {
    const view = createEditor(host.current!, latest.current.props.text, {
      choices: () => latest.current.choices,
      history: () => queryHistory.getState(),
      onChange: changed => {
        typed.current.typed(changed, latest.current.props.text);
        latest.current.props.onChange(changed);
      },
      onRun: asked => latest.current.props.onRun(asked),
      onEscape: () => latest.current.props.onEscape(),
    });
    editor.current = view;
    if (latest.current.props.autoFocus) view.focus();
    return () => {
      editor.current = undefined;
      view.destroy();
    };
  }, []);
  useEffect(() => {
    const view = editor.current;
    if (view && typed.current.isNew(text, view.state.doc.toString())) replaceText(view, text);
  }, [text]);
  useEffect(() => {
    const content = editor.current?.contentDOM;
    content?.setAttribute('aria-invalid', String(errorId !== undefined));
  }, [errorId]);
  return <div ref={host} data-query-input="" className="query-editor" />;
}
