import { useEffect, useMemo, useRef } from 'react';
import { useAction } from '#state/commands/actions.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { useSize } from '#views/shared/use-size.ts';
import { coversLegend, fitAll, reveal } from './camera.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { GraphCanvas } from './GraphCanvas.tsx';
import { NODE } from './geometry.ts';
import { type Hit, hitTest } from './hit-test.ts';
import { Legend } from './Legend.tsx';
import { litHit, litOf, partOf } from './pick.ts';
import { partKey } from './picture.ts';
import { neighbourhood, type Scene } from './scene.ts';
import { edgeSentence, nodeSentence } from './texts.ts';
import { useCamera } from './use-camera.ts';
import { useCameraUrl } from './use-camera-url.ts';
import { useHit } from './use-hit.ts';
import { type LaidOut, useLaidOut } from './use-laid-out.ts';
import { usePalette } from './use-palette.ts';
import type { ShownGraph } from './use-shown-graph.ts';
import { type Direction, walk } from './walk.ts';
import { ZoomControls } from './ZoomControls.tsx';

const ZOOM_STEP = 1.3;

/** The drawn graph. `sought` is a service to show: the key of its node, and when it was asked for. */
export function Stage({
  shown,
  sought,
  isOutdated,
  onCsv,
}: {
  shown: ShownGraph;
  sought: { readonly key: string } | undefined;
  isOutdated: boolean;
  onCsv: () => void;
}) {
  const { laid, error } = useLaidOut(shown.picture);
  if (error !== undefined) return <ErrorState error={error} />;
  return (
    <div className={`sg-stage ${isOutdated ? 'sg-outdated' : ''}`}>
      {laid !== undefined && <Drawing laid={laid} seconds={shown.seconds} sought={sought} onCsv={onCsv} />}
    </div>
  );
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

function Drawing({
  laid: { picture, geometry },
  seconds,
  sought,
  onCsv,
}: {
  laid: LaidOut;
  seconds: number;
  sought: { readonly key: string } | undefined;
  onCsv: () => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const control = useCamera(host);
  const palette = usePalette();
  const { pick } = useUrl();
  const go = useGo();
  const [hovered, setHovered] = useHit(picture);
  const [cursor, setCursor] = useHit(picture);
  /** The node from which the keyboard came to an edge. */
  const by = useRef(-1);
  const { camera, set } = control;
  const { width, height } = size ?? { width: 0, height: 0 };
  const { layout } = geometry;

  const isLegendOver = useMemo(
    () => width > 0 && coversLegend(layout, fitAll(layout, width, height), height),
    [layout, width, height],
  );
  useCameraUrl(control, layout, width, height);

  const show = (node: number): void => {
    const box = { x: layout.x[node], y: layout.y[node], width: NODE.nodeWidth, height: NODE.nodeHeight };
    const near = camera.k < 0.5 ? { k: 1, x: width / 2 - box.x - box.width / 2, y: height / 2 - box.y } : camera;
    const next = reveal(near, box, width, height);
    if (next.x !== camera.x || next.y !== camera.y || next.k !== camera.k) set(next, true);
  };
  const shownOnce = useRef<typeof sought>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that it is sought
  useEffect(() => {
    if (sought === undefined || shownOnce.current === sought) return;
    const node = picture.nodes.findIndex(({ key }) => key === sought.key);
    if (node < 0) return;
    shownOnce.current = sought;
    setCursor({ node });
    show(node);
  }, [sought, picture]);

  const selected = useMemo(() => litOf(picture, pick), [picture, pick]);
  const lit = hovered ?? cursor;
  const scene = useMemo((): Scene => {
    const at = litHit(lit);
    return {
      picture,
      geometry,
      camera,
      width,
      height,
      palette,
      seconds,
      selected,
      selectedEnds: new Set([...selected.edges].flatMap(edge => [picture.edges[edge].from, picture.edges[edge].to])),
      cursor: litHit(cursor),
      near: lit && neighbourhood(picture, at),
      isMoving: control.isMoving,
    };
  }, [picture, geometry, camera, width, height, palette, seconds, selected, lit, cursor, control.isMoving]);

  const hitAt = (event: React.MouseEvent<HTMLElement>): Hit | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return hitTest(picture, geometry, camera, event.clientX - box.left, event.clientY - box.top);
  };
  const choose = (hit: Hit): void => go({ pick: partOf(picture, hit, pick) }, 'push');
  const focusOn = (hit: Hit | undefined): void => {
    if (hit !== undefined && 'node' in hit) go({ focus: { node: picture.nodes[hit.node].part, hops: 1 } }, 'push');
  };
  const step = (direction: Direction): void => {
    const next = walk(picture, geometry, cursor, by.current, direction);
    if (next === undefined) return;
    if (cursor !== undefined && 'node' in cursor && 'edge' in next) by.current = cursor.node;
    setCursor(next);
    if ('node' in next) show(next.node);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    if (direction !== undefined) step(direction);
    else if ((event.key === 'Enter' || event.key === ' ') && cursor !== undefined) choose(cursor);
    else if (event.key === 'Escape' && cursor !== undefined && pick === undefined) setCursor(undefined);
    else return;
    event.preventDefault();
  };

  useAction('graph.zoom-in', () => control.zoomBy(ZOOM_STEP));
  useAction('graph.zoom-out', () => control.zoomBy(1 / ZOOM_STEP));
  useAction('graph.fit', () => set(fitAll(layout, width, height)));
  const pickedNode =
    pick !== undefined && !('edge' in pick) ? picture.nodes.findIndex(({ key }) => key === partKey(pick)) : -1;
  const focusable =
    cursor !== undefined && 'node' in cursor ? cursor : pickedNode >= 0 ? { node: pickedNode } : undefined;
  useAction('graph.focus', () => focusOn(focusable), focusable !== undefined);

  const said =
    lit === undefined
      ? ''
      : 'node' in lit
        ? nodeSentence(picture, lit.node, seconds)
        : edgeSentence(picture, lit.edge, seconds);
  return (
    <>
      <div
        ref={host}
        className="sg-canvas"
        role="application"
        aria-roledescription="service graph"
        aria-label={`Service graph, ${picture.nodes.length} nodes, ${picture.edges.length} edges. Arrow keys go along the calls, Enter opens one; the table lists the same.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
        tabIndex={0}
        data-over={hovered === undefined ? undefined : ''}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(undefined)}
        onPointerMove={event => {
          const hit = event.buttons === 0 ? hitAt(event) : undefined;
          setHovered(hit);
        }}
        onPointerLeave={() => setHovered(undefined)}
        onClick={event => {
          const hit = hitAt(event);
          if (hit !== undefined) choose(hit);
          else if (pick !== undefined) go({ pick: undefined }, 'push');
        }}
        onDoubleClick={event => focusOn(hitAt(event))}
      >
        {width > 0 && <GraphCanvas scene={scene} />}
      </div>
      <p className="sg-said" data-empty={said === '' ? '' : undefined} role="status">
        {said}
      </p>
      <ExportMenu scene={scene} onCsv={onCsv} />
      <Legend isOpen={!isLegendOver} />
      <ZoomControls control={control} onFit={() => set(fitAll(layout, width, height))} step={ZOOM_STEP} />
    </>
  );
}
