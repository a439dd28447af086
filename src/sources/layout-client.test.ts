import { expect, test } from 'vitest';
import type { GraphLayout, LayoutInput } from '#domain/graph/layout/layout-graph.ts';
import type { LayoutReply, LayoutRequest } from '#layout/layout-protocol.ts';
import { LayoutClient } from './layout-client.ts';

function client() {
  const sent: LayoutRequest[] = [];
  let starts = 0;
  let reply: (reply: LayoutReply) => void = () => undefined;
  let fault: (what: string) => void = () => undefined;
  const layouts = new LayoutClient((onReply, onFault) => {
    starts++;
    [reply, fault] = [onReply, onFault];
    return { send: request => sent.push(request), terminate: () => undefined };
  });
  const lay = (nodes: number) => layouts.lay({ nodes } as LayoutInput);
  const answer = () => reply({ id: sent.at(-1)!.id, layout: { width: sent.at(-1)!.input.nodes } as GraphLayout });
  return { sent, lay, answer, fail: (what: string) => fault(what), starts: () => starts };
}

test('a layout that waits gives way to a newer one; one that runs is answered', async () => {
  const { lay, answer, sent } = client();
  const [first, second, third] = [lay(1), lay(2), lay(3)];
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  answer();
  await expect(first).resolves.toMatchObject({ width: 1 });
  answer();
  await expect(third).resolves.toMatchObject({ width: 3 });
  expect(sent.map(({ input }) => input.nodes)).toEqual([1, 3]);
});

test('a worker that dies fails what it was doing, and another goes on', async () => {
  const { lay, answer, fail, starts } = client();
  const [first, second] = [lay(1), lay(2)];
  fail('out of memory');
  await expect(first).rejects.toThrow('out of memory');
  answer();
  await expect(second).resolves.toMatchObject({ width: 2 });
  expect(starts()).toBe(2);
});
