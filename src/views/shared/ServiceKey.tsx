import { slotOf } from '#domain/analysis/service-colours.ts';
import { useServiceSlots } from '#state/use-service-slots.ts';
import { serviceColour } from './service-colour.ts';

/** The 8 px colour square of a service; its name always stands beside it. */
export function ServiceKey({ service }: { service: string }) {
  const slots = useServiceSlots();
  return (
    <span
      className="key"
      aria-hidden="true"
      style={{ '--c': serviceColour(slotOf(service, slots)) } as React.CSSProperties}
    />
  );
}
