import { SessionError } from '../errors/session-error.ts';
import type { SessionRows } from './session-rows.ts';

/** The rows as a sweep sees them, for a store without an engine that can refuse. */
export function sweeperRows(rows: SessionRows): SessionRows {
  return {
    ...rows,
    insert() {
      throw new SessionError('CREATION_DURING_CLEANUP', 'a sweep cannot create sessions');
    },
  };
}
