import type { SessionStore } from '../store/session-store.ts';

export function memoryStore(): SessionStore {
  throw new Error('not yet');
}
