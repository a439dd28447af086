import type { PinRequest, StorePins, StoreStates } from './pin-requests.ts';

type Ask = <T>(request: PinRequest) => Promise<T>;

/** Pins and states on the main thread: each call is one question to the store's thread. */
export function pinsClient(ask: Ask): { readonly pins: StorePins; readonly states: StoreStates } {
  return {
    pins: {
      create: pin => ask({ do: 'create', pin }),
      list: filter => ask({ do: 'list', filter }),
      find: pin => ask({ do: 'find', pin }),
      change: (pin, change) => ask({ do: 'change', pin, change }),
      remove: pin => ask({ do: 'remove', pin }),
      trace: pin => ask({ do: 'trace', pin }),
    },
    states: {
      keep: text => ask({ do: 'keep-state', text }),
      read: state => ask({ do: 'state', state }),
    },
  };
}
