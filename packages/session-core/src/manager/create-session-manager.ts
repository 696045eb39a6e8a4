import type { SessionManager, SessionManagerOptions } from './session-manager.ts';

export function createSessionManager(options: SessionManagerOptions): SessionManager {
  throw new Error(`not yet: ${options.store.name}`);
}
