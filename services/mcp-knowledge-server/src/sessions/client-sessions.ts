import type { CallerEndReason, Session, SessionManager, StartOptions } from '@endwell/session-core';
import { isSessionError } from '@endwell/session-core';

import { KnowledgeError } from '../errors/knowledge-error.ts';

export interface StartedSession {
  readonly session: Session;
  /** The client had this session already. */
  readonly reused: boolean;
}

/** The sessions of one client: what it started here and has not ended. Nothing guesses across clients. */
export interface ClientSessions {
  /** The client's active session in this project, or a new one. Concurrent calls get the same one. */
  start(options: StartOptions & { readonly project: string }): Promise<StartedSession>;
  /**
   * Which session a call is about: the one it names, else the only one that the client has. Waits
   * for starts in flight, because a client may send its first calls together.
   *
   * @throws KnowledgeError `NO_SESSION`, `SESSION_AMBIGUOUS`
   */
  resolve(sessionId: string | undefined): Promise<string>;
  /** The client's active session in this project, if it has one. */
  find(project: string): Promise<Session | undefined>;
  /** Whether the session was started by this client, and has not been seen to end. */
  isOwn(sessionId: string): boolean;
  /** The session has ended; it is not used for a call without an id any more. */
  forget(sessionId: string): void;
  /** Ends what the client still has. Asks nothing of the store when nothing was ever started. */
  endAll(reason: CallerEndReason): Promise<readonly Session[]>;
}

export function createClientSessions(manager: SessionManager): ClientSessions {
  /** By project. A start in flight is in here too, so that a second call waits for the first. */
  const byProject = new Map<string, Promise<Session>>();
  const active = new Set<string>();

  const startNew = async (options: StartOptions): Promise<Session> => {
    const session = await manager.start(options);
    active.add(session.id);
    return session;
  };
  const begin = (project: string, options: StartOptions): Promise<Session> => {
    const starting = startNew(options);
    byProject.set(project, starting);
    // A start that failed is no session; the next call tries again.
    starting.catch(() => {
      if (byProject.get(project) === starting) byProject.delete(project);
    });
    return starting;
  };

  return {
    start: async ({ project, ...rest }) => {
      const options = { ...rest, project };
      const known = byProject.get(project);
      if (known === undefined) return { session: await begin(project, options), reused: false };
      const { id } = await known;
      const session = await manager.get(id);
      if (session.state === 'active') return { session, reused: true };
      active.delete(id);
      // Another call may have replaced it while this one was looking.
      const replaced = byProject.get(project);
      if (replaced !== undefined && replaced !== known) return { session: await replaced, reused: true };
      return { session: await begin(project, options), reused: false };
    },
    find: async (project) => {
      const known = await byProject.get(project)?.catch(() => undefined);
      if (known === undefined) return undefined;
      const session = await manager.get(known.id);
      if (session.state === 'active') return session;
      active.delete(session.id);
      return undefined;
    },
    isOwn: (sessionId) => active.has(sessionId),
    resolve: async (sessionId) => {
      if (sessionId !== undefined) return sessionId;
      await Promise.allSettled(byProject.values());
      const [only, ...others] = active;
      if (only === undefined) {
        throw new KnowledgeError(
          'NO_SESSION',
          'No session_id was given, and this client has no active session.',
        );
      }
      if (others.length > 0) {
        throw new KnowledgeError(
          'SESSION_AMBIGUOUS',
          `No session_id was given, and this client has ${active.size} active sessions: ${[...active].join(', ')}.`,
        );
      }
      return only;
    },
    forget: (sessionId) => {
      active.delete(sessionId);
    },
    endAll: (reason) => {
      active.clear();
      return manager.endOwned({ reason });
    },
  };
}

/** Whether a call failed because the session is no longer there to be used. */
export function isSessionGone(error: unknown): boolean {
  return isSessionError(error) && (error.code === 'SESSION_ENDED' || error.code === 'SESSION_NOT_FOUND');
}
