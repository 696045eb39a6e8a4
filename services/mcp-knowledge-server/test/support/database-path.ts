import { join } from 'node:path';

/** Where a server with this HOME keeps its database. */
export function databasePath(home: string): string {
  return join(home, '.local', 'state', 'endwell', 'endwell.db');
}
