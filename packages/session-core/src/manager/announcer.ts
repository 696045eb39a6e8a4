import type { Logger } from '../logging/logger.ts';
import type { Session } from '../session/session.ts';
import { duringCleanup } from './cleanup-scope.ts';
import { createEmitter, type OwnedEmitter } from './create-emitter.ts';

/** Tells the log and the listeners what has happened. */
export interface Announcer {
  readonly events: OwnedEmitter;
  started(session: Session): void;
  /** A start inside of what listens to this is refused. */
  ended(sessions: readonly Session[]): void;
  /** Something in the background has failed. */
  failed(error: unknown, doing: string): void;
}

export interface AnnouncerOptions {
  readonly logger: Logger;
  /** The manager's. */
  readonly name: string;
  /** Called before the listeners are told of an end. */
  readonly onEnd: (sessionId: string) => void;
}

export function createAnnouncer({ logger, name, onEnd }: AnnouncerOptions): Announcer {
  const events = createEmitter((error, eventName) => {
    logger.error({ err: error, manager: name }, `a listener of ${eventName} failed`);
    if (eventName !== 'manager:error')
      events.emit('manager:error', { error, doing: `a listener of ${eventName}` });
  });
  return {
    events,
    started(session) {
      logger.info({ manager: name, sessionId: session.id, kind: session.kind }, 'session started');
      events.emit('session:started', { session });
    },
    ended(sessions) {
      for (const session of sessions) {
        onEnd(session.id);
        logger.info({ manager: name, sessionId: session.id, reason: session.endReason }, 'session ended');
        duringCleanup('an end handler', () => events.emit('session:ended', { session }));
      }
    },
    failed(error, doing) {
      logger.error({ err: error, manager: name }, `${doing} failed`);
      events.emit('manager:error', { error, doing });
    },
  };
}
