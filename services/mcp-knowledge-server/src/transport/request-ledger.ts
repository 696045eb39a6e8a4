import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server';

/** Answered when the connection closes, not when work is done: nothing to wait for. */
const standingRequests = new Set(['subscriptions/listen']);

/** JSON-RPC leaves -32000 to -32099 to the server. */
const SHUTTING_DOWN = -32_001;

/** A transport that knows which requests it still owes an answer. */
export interface RequestLedger {
  readonly transport: Transport;
  readonly open: number;
  /** Resolves when the wire has closed, by itself or through `transport`. */
  readonly closed: Promise<void>;
  /** Resolves true when every request has been answered, false after `timeoutMs`. */
  settled(timeoutMs: number): Promise<boolean>;
  /** Answers what is still open with an error, so that no client waits for a process that has gone. */
  refuseOpen(): Promise<void>;
}

/** Puts a ledger between the SDK and a wire: requests go in when they arrive, out when they are answered. */
export function createRequestLedger(wire: Transport): RequestLedger {
  const open = new Set<RequestId>();
  const waiters = new Set<() => void>();
  const closed = Promise.withResolvers<void>();

  const wakeWaiters = (): void => {
    for (const waiter of waiters) waiter();
  };
  const close = (id: RequestId | undefined): void => {
    if (id !== undefined && open.delete(id) && open.size === 0) wakeWaiters();
  };
  const arrived = (message: JSONRPCMessage): void => {
    if (!('method' in message)) return;
    if ('id' in message) {
      if (!standingRequests.has(message.method)) open.add(message.id);
    } else if (message.method === 'notifications/cancelled') {
      close((message.params as { requestId?: RequestId } | undefined)?.requestId);
    }
  };

  const transport: Transport = {
    start: () => {
      const listeners: Pick<Transport, 'onmessage' | 'onerror' | 'onclose'> = {
        onmessage: (message, extra) => {
          arrived(message);
          transport.onmessage?.(message, extra);
        },
        onerror: (error) => transport.onerror?.(error),
        onclose: () => {
          // Nobody is left to be answered.
          open.clear();
          wakeWaiters();
          transport.onclose?.();
          closed.resolve();
        },
      };
      Object.assign(wire, listeners);
      return wire.start();
    },
    send: async (message, options) => {
      try {
        await wire.send(message, options);
      } finally {
        // An answer that cannot be written is no longer owed.
        if (!('method' in message)) close(message.id);
      }
    },
    close: () => wire.close(),
  };

  return {
    transport,
    get open() {
      return open.size;
    },
    closed: closed.promise,
    settled: (timeoutMs) => {
      if (open.size === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = (result: boolean): void => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(result);
        };
        const waiter = (): void => finish(true);
        const timer = setTimeout(() => finish(false), timeoutMs);
        waiters.add(waiter);
      });
    },
    refuseOpen: async () => {
      const answers = [...open].map((id) =>
        transport.send({
          jsonrpc: '2.0',
          id,
          error: { code: SHUTTING_DOWN, message: 'The server is shutting down; the call was cancelled.' },
        }),
      );
      await Promise.all(answers);
    },
  };
}
