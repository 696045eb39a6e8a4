import {
  createSessionManager,
  resolveDatabasePath,
  type Session,
  type SessionManager,
  sqliteStore,
} from '@endwell/session-core';
import type { Logger } from 'pino';

import { resolveConfig, type ConfigFlags } from '../config/resolve-config.ts';
import type { CommandContext } from './command-context.ts';

export function databasePath(context: CommandContext, flags: ConfigFlags): string {
  const { home } = resolveConfig(context.environment, flags);
  return resolveDatabasePath(
    home === undefined ? context.environment : { ...context.environment, ENDWELL_HOME: home },
  );
}

export function openSessionManager(path: string, logger: Logger): SessionManager {
  // Sessions that come in over HTTP, or from a file, have no process of ours as their owner.
  return createSessionManager({ store: sqliteStore({ path }), owner: null, logger, name: 'diary' });
}

/**
 * Runs one piece of work on the store and closes it again, however the work ends. `onEnded` is told of what the
 * opening ends too.
 */
export async function withSessionManager<Result>(
  context: CommandContext,
  flags: ConfigFlags,
  work: (manager: SessionManager) => Promise<Result>,
  onEnded?: (session: Session) => void,
): Promise<Result> {
  const { logLevel } = resolveConfig(context.environment, flags);
  await using manager = openSessionManager(databasePath(context, flags), context.createLogger(logLevel));
  if (onEnded !== undefined) manager.events.on('session:ended', ({ session }) => onEnded(session));
  await manager.open();
  return await work(manager);
}
