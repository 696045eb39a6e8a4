import type { Entry } from '../session/entry.ts';
import type { SessionTypes, UntypedSessions } from '../session/session-types.ts';
import type { Session } from '../session/session.ts';

/** What a manager tells its listeners. Starting a session inside `session:ended` is refused. */
export interface ManagerEvents<Types extends SessionTypes = UntypedSessions> {
  /** A session was started through this manager. */
  readonly 'session:started': { readonly session: Session<Types['metadataOut']> };
  /** A session was ended by this manager, whoever started it. */
  readonly 'session:ended': { readonly session: Session<Types['metadataOut']> };
  /** Entries were recorded through this manager. */
  readonly 'session:recorded': { readonly sessionId: string; readonly entries: readonly Entry<Types>[] };
  /** Something in the background failed; the manager goes on. */
  readonly 'manager:error': { readonly error: unknown; readonly doing: string };
}

/** A listener stays until this is closed. */
export interface Subscription {
  close(): void;
  [Symbol.dispose](): void;
}

export interface ManagerEmitter<Types extends SessionTypes = UntypedSessions> {
  /** A listener that throws or rejects is reported as `manager:error` and disturbs nothing else. */
  on<Name extends keyof ManagerEvents>(
    name: Name,
    listener: (event: ManagerEvents<Types>[Name]) => void | Promise<void>,
  ): Subscription;
}
