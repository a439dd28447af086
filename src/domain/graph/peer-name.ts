import type { NodeKind } from './service-graph.ts';

/** Attributes of a client or producer span that say whom it called. The newer name of a convention stands first. */
export const PEER_KEYS = {
  service: ['peer.service', 'service.peer.name'],
  destination: ['messaging.destination.name', 'messaging.destination'],
  messagingSystem: ['messaging.system'],
  dbNamespace: ['db.namespace', 'db.name'],
  dbSystem: ['db.system.name', 'db.system'],
  address: ['server.address', 'net.peer.name', 'http.host', 'network.peer.address', 'net.peer.ip'],
} as const;

export type PeerPart = keyof typeof PEER_KEYS;

/** What a span says of its peer; '' for what it does not say. */
export type PeerParts = Readonly<Record<PeerPart, string>>;

export interface Peer {
  readonly name: string;
  readonly kind: Exclude<NodeKind, 'service'>;
  readonly system: string;
}

/**
 * The node that stands for whom a span called, if it says so. A name given by hand (`peer.service`) goes first; a database
 * is its namespace rather than its host, which it may share with others. Source: OpenTelemetry's semantic conventions.
 */
export function peerOf(parts: PeerParts, isProducer: boolean): Peer | undefined {
  const address = parts.address.replace(/^([^:]+):\d+$/, '$1');
  if (parts.dbSystem !== '') {
    return {
      name: parts.service || parts.dbNamespace || address || parts.dbSystem,
      kind: 'database',
      system: parts.dbSystem,
    };
  }
  if (parts.destination !== '' || parts.messagingSystem !== '' || isProducer) {
    const name = parts.service || parts.destination || address || parts.messagingSystem;
    return name === '' ? undefined : { name, kind: 'messaging', system: parts.messagingSystem };
  }
  const name = parts.service || address;
  return name === '' ? undefined : { name, kind: 'external', system: '' };
}

/**
 * The service that a peer is, if it is one of those that send spans: by its name, or by the first label of a name that is
 * only valid inside a cluster (`payment.shop.svc.cluster.local`). Public host names never stand for a service.
 */
export function serviceOfPeer(peer: Peer, services: ReadonlyMap<string, string>): string | undefined {
  if (peer.kind === 'database') return undefined;
  const name = peer.name.toLowerCase();
  const cluster = /^([^.]+)\.(?:.*\.)?(?:svc|svc\.cluster\.local|local)$/.exec(name);
  return services.get(name) ?? (cluster === null ? undefined : services.get(cluster[1]));
}
