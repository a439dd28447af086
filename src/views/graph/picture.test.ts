import { describe, expect, test } from 'vitest';
import { bestMatch } from './FindService.tsx';
import { busiestPart, filterPicture } from './filter-picture.ts';
import { groupKeys } from './group-keys.ts';
import { groupsOf } from './groups.ts';
import { litOf, partOf } from './pick.ts';
import { edgesAsText, pictureFrom, slower } from './testing/drawn-graph.ts';

const SHOP = 'web>shop:90 shop>pay:40!4 shop>db.stock:80 shop~orders~mail:30 shop~orders~ship:50 pay>host.bank:40';
const names = (picture: ReturnType<typeof pictureFrom>) => picture.nodes.map(({ name }) => name).sort();

describe('the picture of a graph', () => {
  test('leads asynchronous calls through their destination', () => {
    const picture = pictureFrom('shop~orders~mail:30!3 shop~orders~ship:50 jobs~orders~ship:5');
    expect(edgesAsText(picture)).toEqual([
      'jobs ~ orders 5',
      'orders ~ mail 30, 3 failed',
      'orders ~ ship 55',
      // Each consumer gets each message: 50 were sent, not 80.
      'shop ~ orders 50',
    ]);
    expect(picture.nodes.find(({ name }) => name === 'orders')).toMatchObject({ kind: 'messaging', calls: 55 });
  });

  test('has one node for a destination with and without known consumers', () => {
    expect(edgesAsText(pictureFrom('shop~orders~mail:30 jobs~queue.orders:7'))).toEqual([
      'jobs ~ orders 7',
      'orders ~ mail 30',
      'shop ~ orders 30',
    ]);
  });

  test('keeps asynchronous calls without a destination as they are', () => {
    expect(edgesAsText(pictureFrom('shop~mail:3 shop>mail:4'))).toEqual(['shop > mail 4', 'shop ~ mail 3']);
  });

  test('picks a line of several calls one after the other', () => {
    const picture = pictureFrom(SHOP);
    const edge = picture.edges.findIndex(({ to }) => picture.nodes[to].name === 'orders');
    const first = partOf(picture, { edge }, undefined);
    const second = partOf(picture, { edge }, first);
    expect([first, second]).toMatchObject([{ edge: { to: 'ship' } }, { edge: { to: 'mail' } }]);
    expect(partOf(picture, { edge }, second)).toEqual(first);
    // The call is lit on its whole way.
    expect(litOf(picture, first).edges.size).toBe(2);
  });
});

describe('groups', () => {
  test('hold the services of one value, and what they alone use', () => {
    const picture = pictureFrom(`${SHOP} mail>db.stock:1`, [], { web: 'front', shop: 'back', pay: 'back' });
    const groups = groupsOf(picture);
    expect(groups?.names).toEqual(['back', 'front']);
    const members = groups?.names.map((_, g) =>
      names({ ...picture, nodes: picture.nodes.filter((_, i) => groups.of[i] === g) }),
    );
    // The store is used by mail, too, which has no value, and so is the destination.
    expect(members).toEqual([['bank', 'pay', 'shop'], ['web']]);
    expect(groupsOf(pictureFrom(SHOP))).toBeUndefined();
  });

  test('are offered by what systems are usually divided by first', () => {
    expect(groupKeys(['host.name', 'service.name', 'team', 'process.pid', 'service.namespace'], 'shard')).toEqual({
      usual: ['service.namespace', 'team'],
      others: ['host.name', 'shard'],
    });
    expect(groupKeys([], '')).toEqual({ usual: [], others: [] });
  });
});

describe('what is shown', () => {
  const shop = pictureFrom(SHOP, [slower('shop', 'pay')]);

  test('leaves out data stores, hosts, asynchronous calls, and what did not change', () => {
    expect(names(filterPicture(shop, ['stores'], undefined))).not.toContain('stock');
    expect(names(filterPicture(shop, ['stores', 'external'], undefined))).toEqual([
      'mail',
      'orders',
      'pay',
      'ship',
      'shop',
      'web',
    ]);
    expect(names(filterPicture(shop, ['async'], undefined))).toEqual(['bank', 'pay', 'shop', 'stock', 'web']);
    expect(edgesAsText(filterPicture(shop, ['same'], undefined))).toEqual(['shop > pay 40, 4 failed']);
    expect(names(filterPicture(shop, ['same'], undefined))).toEqual(['pay', 'shop']);
  });

  test('is what is around a service, so many calls up and down; a destination is no step', () => {
    const around = (service: string, hops: number) => names(filterPicture(shop, [], { node: { service }, hops }));
    expect(around('pay', 1)).toEqual(['bank', 'pay', 'shop']);
    expect(around('pay', 2)).toEqual(['bank', 'pay', 'shop', 'web']);
    expect(around('ship', 1)).toEqual(['orders', 'ship', 'shop']);
    expect(around('nobody', 2)).toEqual([]);
  });

  test('of a big graph is the busiest part, which hangs together', () => {
    const chain = Array.from({ length: 50 }, (_, i) => `s${i}>s${i + 1}:${100 - i}`);
    const part = busiestPart(pictureFrom(chain.join(' ')), 10);
    expect(part.nodes).toHaveLength(10);
    expect(part.edges).toHaveLength(9);
    expect(edgesAsText(part)).toContain('s0 > s1 100');
  });

  test('is found by name: the name itself, then what begins with the text, then the busiest that holds it', () => {
    const { nodes } = pictureFrom('a>pay:1 a>payment:9 a>repay:90');
    expect(['pay', 'paym', 'PAY', 'ay', 'x'].map(text => bestMatch(nodes, text)?.name)).toEqual([
      'pay',
      'payment',
      'pay',
      'pay',
      undefined,
    ]);
  });
});
