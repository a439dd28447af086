import type { TraceTable } from '#domain/trace/trace-table.ts';
import { useAction } from '#state/commands/actions.ts';
import { usePin } from '#state/store/use-pin.ts';
import { Button } from '#views/shared/Button.tsx';

/** Keeps the trace beyond retention, or gives that up. Of any source, where a server keeps pins. */
export function PinButton({ table }: { table: TraceTable }) {
  const pin = usePin(table);
  useAction('waterfall.pin', () => pin?.change(), pin?.isKnown === true);
  if (pin === undefined) return null;
  return (
    <Button
      icon="pin"
      aria-pressed={pin.isPinned}
      disabled={!pin.isKnown}
      onClick={pin.change}
      data-tip={pin.error?.message ?? (pin.isPinned ? 'Give up the pin' : 'Keep it when retention reaches it')}
      data-tip-keys="p"
    >
      {pin.isPinned ? 'Pinned' : 'Pin'}
    </Button>
  );
}
