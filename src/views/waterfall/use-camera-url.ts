import { useEffect } from 'react';
import { useGo, useUrl } from '#state/url/use-url.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const REST_MS = 250;

/** Keeps the window of time in the link (`t`), absolute, written when it has come to rest. */
export function useCameraUrl(model: WaterfallModel): void {
  const { t } = useUrl();
  const go = useGo();
  const { baseUnixNano } = model.table;

  useEffect(() => {
    if (t === undefined) {
      if (!model.isFitted) model.fit();
      return;
    }
    const startNs = Number(t.startUnixNano - baseUnixNano);
    const { camera } = model.store.get();
    if (Math.round(camera.startNs) === startNs && Math.round(camera.widthNs) === t.widthNs) return;
    model.lookAt({ startNs, widthNs: t.widthNs });
  }, [model, baseUnixNano, t]);

  useEffect(() => {
    let seen = model.store.get().camera;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const stop = model.store.subscribe(() => {
      const { camera } = model.store.get();
      if (camera === seen) return;
      seen = camera;
      clearTimeout(rest);
      rest = setTimeout(() => {
        const window = {
          startUnixNano: baseUnixNano + BigInt(Math.round(camera.startNs)),
          widthNs: Math.round(camera.widthNs),
        };
        go({ t: model.isFitted ? undefined : window }, 'replace');
      }, REST_MS);
    });
    return () => {
      stop();
      clearTimeout(rest);
    };
  }, [model, baseUnixNano, go]);
}
