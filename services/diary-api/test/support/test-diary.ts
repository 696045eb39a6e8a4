import { join } from 'node:path';
import { createSessionManager, type SessionManager, sqliteStore } from '@endwell/session-core';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import {
  createDiaryServer,
  type DiaryServer,
  type DiaryServerOptions,
} from '../../src/http/create-diary-server.ts';
import { temporaryHome } from './temporary-home.ts';

export interface TestDiary extends DiaryServer {
  readonly manager: SessionManager;
  readonly home: string;
}

/** The real server on a real database, without a port. */
export async function testDiary(
  options: Partial<DiaryServerOptions> = {},
  extend: (app: FastifyInstance) => void = () => {},
): Promise<TestDiary> {
  const home = await temporaryHome();
  const manager =
    options.manager ??
    createSessionManager({ store: sqliteStore({ path: join(home, 'endwell.db') }), owner: null });
  const server = createDiaryServer({ ...options, manager });
  onTestFinished(async () => {
    await server.app.close();
    await manager.close();
  });
  extend(server.app);
  await server.app.ready();
  return { ...server, manager, home };
}
