import type { SessionManager } from '@endwell/session-core';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import type { ClientSessions } from './client-sessions.ts';

/**
 * For a connection that is one request: nothing is known of the client's other requests, so nothing is
 * its own, and each call says which session it is about.
 */
export function createStatelessSessions(manager: SessionManager): ClientSessions {
  return {
    start: async (options) => ({ session: await manager.start(options), reused: false }),
    find: () => Promise.resolve(undefined),
    isOwn: () => false,
    resolve: (sessionId) =>
      sessionId === undefined
        ? Promise.reject(
            new KnowledgeError(
              'NO_SESSION',
              'No session_id was given, and over HTTP no request knows of the one before it.',
            ),
          )
        : Promise.resolve(sessionId),
    forget: () => undefined,
    endAll: () => Promise.resolve([]),
  };
}
