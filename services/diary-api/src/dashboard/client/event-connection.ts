export type ConnectionState = 'connecting' | 'open' | 'lost';

const changes = ['session:started', 'session:ended', 'session:recorded', 'session:purged'] as const;

export interface SessionChange {
  readonly type: (typeof changes)[number];
  readonly sessionId: string;
  readonly reason: string | null;
  /** Null when it is about the session as a whole. */
  readonly sequence: number | null;
}

export interface EventConnectionOptions {
  readonly onState: (state: ConnectionState) => void;
  /** From here on nothing is missed; what was loaded before may be out of date. */
  readonly onFresh: () => void;
  /** Something may have been missed, also what was forgotten: what is shown may be so no longer. */
  readonly onMissed: () => void;
  readonly onChange: (change: SessionChange) => void;
}

const RECONNECT_MS = 2_000;

/** Follows the server's events for as long as the page is open. */
export function connectToEvents(options: EventConnectionOptions): void {
  connect(options, options.onFresh);
}

function connect(options: EventConnectionOptions, onOpen: () => void): void {
  const source = new EventSource('/api/v1/events');
  let onReady = onOpen;
  source.addEventListener('stream:ready', () => {
    options.onState('open');
    onReady();
    // It goes on after the last event that it has had; without one it begins anew.
    onReady = options.onMissed;
  });
  source.addEventListener('stream:reset', options.onMissed);
  for (const type of changes) {
    source.addEventListener(type, (event: MessageEvent<string>) => {
      onReady = options.onFresh;
      options.onChange(JSON.parse(event.data) as SessionChange);
    });
  }
  source.addEventListener('error', () => {
    options.onState('lost');
    // The browser comes back by itself after a broken connection, but not after a refusal.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => connect(options, options.onMissed), RECONNECT_MS);
  });
}
