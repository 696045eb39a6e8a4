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
  readonly onChange: (change: SessionChange) => void;
}

const RECONNECT_MS = 2_000;

/** Follows the server's events for as long as the page is open. */
export function connectToEvents(options: EventConnectionOptions): void {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('stream:ready', () => {
    options.onState('open');
    options.onFresh();
  });
  source.addEventListener('stream:reset', options.onFresh);
  for (const type of changes) {
    source.addEventListener(type, (event: MessageEvent<string>) => {
      options.onChange(JSON.parse(event.data) as SessionChange);
    });
  }
  source.addEventListener('error', () => {
    options.onState('lost');
    // The browser comes back by itself after a broken connection, but not after a refusal.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => connectToEvents(options), RECONNECT_MS);
  });
}
