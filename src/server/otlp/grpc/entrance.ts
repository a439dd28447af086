import { ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { hostGuard } from '#server/http/host-guard.ts';
import { type CallFailure, failure, retryLater } from './grpc-status.ts';
import type { ReadSlots } from './read-slots.ts';

export interface EntranceOptions {
  /** Names it answers to; undefined for any. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly slots: ReadSlots;
  /** From the headers of a call to its whole message. */
  readonly messageTimeoutMs: number;
  readonly onRefused: (path: string, code: status, message: string) => void;
}

/** What every call passes before its message is read: is it for us, is there room, does it arrive in time. */
export function entrance({ hosts, slots, messageTimeoutMs, onRefused }: EntranceOptions): ServerInterceptor {
  return ({ path }, call) => {
    let leave: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    const arrived = () => {
      clearTimeout(timer);
      leave?.();
    };
    const end = (how: CallFailure) => {
      onRefused(path, how.code, how.details);
      call.sendStatus(how);
    };
    return new ServerInterceptingCall(call, {
      start: next =>
        next({
          onReceiveMetadata: (metadata, enter) => {
            const misdirected = hostGuard(hosts, call.getHost());
            if (misdirected !== undefined) return end(failure(status.PERMISSION_DENIED, misdirected));
            leave = slots.enter(() => {
              timer = setTimeout(
                () => end(failure(status.DEADLINE_EXCEEDED, 'the message did not arrive in time')),
                messageTimeoutMs,
              );
              enter(metadata);
            });
            if (leave !== undefined) return undefined;
            return end(retryLater(status.RESOURCE_EXHAUSTED, 'too many requests are being received at once', 1));
          },
          onReceiveMessage: (message, pass) => {
            arrived();
            pass(message);
          },
          onReceiveHalfClose: pass => {
            arrived();
            pass();
          },
          onCancel: arrived,
        }),
    });
  };
}
