import { createSessionManager, memoryStore, type SessionManager } from '@endwell/session-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClientSessions } from './client-sessions.ts';

function manager(): SessionManager {
  const manager = createSessionManager({ store: memoryStore(), owner: null });
  onTestFinished(() => manager.close());
  return manager;
}

const agent = { kind: 'agent', project: 'p' };

describe("one client's sessions", () => {
  test('one for each project, however many calls come together', async () => {
    const sessions = createClientSessions(manager());
    const started = await Promise.all([
      sessions.start(agent),
      sessions.start(agent),
      sessions.start({ ...agent, project: 'q' }),
    ]);
    expect(started.map(({ reused }) => reused)).toEqual([false, true, false]);
    expect(started[0].session.id).toBe(started[1].session.id);
  });

  test('a session that somebody else has ended is not returned again', async () => {
    const shared = manager();
    const sessions = createClientSessions(shared);
    const { session } = await sessions.start(agent);
    await shared.end(session.id);
    const again = await Promise.all([sessions.start(agent), sessions.start(agent)]);
    expect(again.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(new Set(again.map(({ session }) => session.id)).size).toBe(1);
    expect(again[0].session.id).not.toBe(session.id);
  });

  test('a start that failed is no session, and the next call tries again', async () => {
    const sessions = createClientSessions(manager());
    await expect(sessions.start({ ...agent, kind: '' })).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
    await expect(sessions.resolve(undefined)).rejects.toMatchObject({ code: 'NO_SESSION' });
    expect(await sessions.start(agent)).toMatchObject({ reused: false });
  });

  test('a call without an id waits for the start in flight', async () => {
    const sessions = createClientSessions(manager());
    const starting = sessions.start(agent);
    const id = await sessions.resolve(undefined);
    expect(id).toBe((await starting).session.id);
  });

  test('endAll ends what was started here, once', async () => {
    const shared = manager();
    const sessions = createClientSessions(shared);
    const other = await shared.start(agent);
    const { session } = await createClientSessions(shared).start(agent);
    await sessions.start(agent);
    expect(other.id).not.toBe(session.id);
    await sessions.endAll('shutdown');
    await expect(sessions.resolve(undefined)).rejects.toMatchObject({ code: 'NO_SESSION' });
    expect(await sessions.endAll('shutdown')).toEqual([]);
  });
});
