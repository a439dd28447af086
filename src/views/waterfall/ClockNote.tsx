import { adjustmentOf } from '#domain/analysis/clock-adjustment.ts';
import { offsetText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import type { Clocks } from './use-clocks.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Says that times on screen are not those that were received, and by how much; nothing while they are. */
export function ClockNote({ model, clocks }: { model: WaterfallModel; clocks: Clocks }) {
  const adjustment = adjustmentOf(model.table);
  if (adjustment === undefined) return null;
  const { count, leastNs, mostNs } = adjustment;
  const range = leastNs === mostNs ? offsetText(leastNs) : `${offsetText(leastNs)} to ${offsetText(mostNs)}`;
  return (
    <div className="note warn" role="status">
      <Icon name="clock" className="s14" />
      <span className="grow">
        <b>Clocks adjusted on screen.</b>{' '}
        {count === 0
          ? 'No span could be moved: a call is only moved into if one server alone answered it.'
          : `${formatCount(count)} ${count === 1 ? 'span is' : 'spans are'} moved by ${range}, into the middle of the calls they answer.`}{' '}
        Links, copies of spans and exports keep the times as received.
      </span>
      <Button onClick={() => clocks.adjust(false)}>Show as received</Button>
    </div>
  );
}
