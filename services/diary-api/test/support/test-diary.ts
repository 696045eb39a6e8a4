import { join } from 'node:path';
import {
  createSessionManager,
  type SessionManager,
  type SessionManagerOptions,
  sqliteStore,
} from '@endwell/session-core';
import type { ComponentDatabase } from '@endwell/session-core/sqlite';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { openDiaryDatabase } from '../../src/database/open-diary-database.ts';
import {
  createDiaryServer,
  type DiaryServer,
  type DiaryServerOptions,
} from '../../src/http/create-diary-server.ts';
import { temporaryHome } from './temporary-home.ts';

export interface TestDiary extends DiaryServer {
  readonly manager: SessionManager;
  readonly database: ComponentDatabase;
  readonly home: string;
}

export type TestDiaryOptions = Partial<DiaryServerOptions> & {
  readonly limits?: Pick<SessionManagerOptions, 'quotas' | 'startRate'>;
};

/** The real server on a real database, without a port. */
export async function testDiary(
  { limits, ...options }: TestDiaryOptions = {},
  extend: (app: FastifyInstance) => void = () => {},
): Promise<TestDiary> {
  const home = await temporaryHome();
  const manager =
    options.manager ??
    createSessionManager({ ...limits, store: sqliteStore({ path: join(home, 'endwell.db') }), owner: null });
  const database = options.database ?? (await openDiaryDatabase(join(home, 'endwell.db')));
  const server = createDiaryServer({ ...options, manager, database });
  onTestFinished(async () => {
    await server.app.close();
    await manager.close();
    await database.close();
  });
  extend(server.app);
  await server.app.ready();
  return { ...server, manager, database, home };
}
