import { act } from '#state/commands/actions.ts';
import { useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { Popover } from '#views/shared/Popover.tsx';
import { useStore } from './store.ts';
import { traceSummary } from './summary.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** The trace in words, to read or to copy: what ran, how long, where the time went, where it failed. */
export function Summary({ model }: { model: WaterfallModel }) {
  return (
    <Popover
      label="Summary of the trace"
      align="end"
      className="tr-summary"
      trigger={props => (
        <button {...props} type="button" className="btn" data-tip="The trace in words; y copies it">
          Summary
        </button>
      )}
    >
      {() => <SummaryText model={model} />}
    </Popover>
  );
}

function SummaryText({ model }: { model: WaterfallModel }) {
  const zone = useZone();
  // Where the time went is known a little after the first bars.
  useStore(model.store, state => state.path);
  const text = traceSummary(model, zone);
  return (
    <>
      <ul>
        {text.split('\n').map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two errors may read alike
          <li key={i}>
            <bdi>{line}</bdi>
          </li>
        ))}
      </ul>
      <span className="tr-summary-acts">
        <CopyButton text={text} label="Copy the summary">
          Copy
        </CopyButton>
        <Button icon="copy" onClick={() => act('waterfall.copy-markdown')}>
          Copy as Markdown
        </Button>
      </span>
    </>
  );
}
