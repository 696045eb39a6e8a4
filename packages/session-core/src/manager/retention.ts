import type { RetentionCutoffs, RetentionResult } from '../store/session-store.ts';

export interface RetentionOptions {
  /**
   * How long a session is kept after its end, with its journal; at least a minute. Null keeps it.
   *
   * @defaultValue null
   */
  readonly endedSessionsMs?: number | null | undefined;
  /**
   * How long the event log reaches back; at least a minute. Whoever watches from further back gets
   * `CURSOR_EXPIRED`. Null keeps all of it.
   *
   * @defaultValue null
   */
  readonly eventsMs?: number | null | undefined;
}

export interface Retention {
  /** Something has been written: drops what is too old, in the background, at most once an hour. */
  poke(): void;
}

const intervalMs = 3_600_000;

export interface RetentionParts {
  readonly retention: RetentionOptions;
  readonly now: () => number;
  readonly retain: (cutoffs: RetentionCutoffs) => Promise<RetentionResult>;
  readonly onDropped: (result: RetentionResult) => void;
  readonly onFailure: (error: unknown) => void;
}

/** No timer: where nothing is written nothing grows either. */
export function createRetention(parts: RetentionParts): Retention {
  const { retention, now, retain, onDropped, onFailure } = parts;
  const { endedSessionsMs = null, eventsMs = null } = retention;
  let notBefore = -Infinity;

  const run = async (at: number): Promise<void> => {
    try {
      const result = await retain({
        endedBefore: endedSessionsMs === null ? null : at - endedSessionsMs,
        eventsBefore: eventsMs === null ? null : at - eventsMs,
      });
      if (result.sessions > 0 || result.events > 0) onDropped(result);
    } catch (error) {
      onFailure(error);
    }
  };

  return {
    poke() {
      if (endedSessionsMs === null && eventsMs === null) return;
      const at = now();
      if (at < notBefore) return;
      notBefore = at + intervalMs;
      void run(at);
    },
  };
}
