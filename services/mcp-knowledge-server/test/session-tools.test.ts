import { createSessionManager, sqliteStore } from '@endwell/session-core';
import { countTokens } from 'gpt-tokenizer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConnectedClient, connectClient } from './support/connect-client.ts';
import { databasePath } from './support/database-path.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const all = { args: ['--toolset', 'all'] };
const project = 'shop';

interface Page {
  readonly entries: readonly { sequence: number; text: string; cut: boolean }[];
  readonly next_cursor: string | null;
}

async function readWholeJournal({ call }: ConnectedClient, limit: number): Promise<number[]> {
  const sequences: number[] = [];
  let cursor: string | null = null;
  do {
    const answer = await call('get_session_context', {
      limit,
      ...(cursor === null ? {} : { cursor }),
    });
    expect(countTokens(answer.text)).toBeLessThan(25_000);
    const page = answer.output as unknown as Page;
    sequences.unshift(...page.entries.map(({ sequence }) => sequence));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return sequences;
}

describe("a session's context", () => {
  test('page by page from its end: every entry once, whatever the size of a page', async () => {
    const client = await connectClient(await temporaryFolder(), all);
    await client.call('start_session', { project });
    for (let index = 1; index <= 23; index += 1) {
      await client.call('log_message', { role: 'user', content: `Message ${index}` });
    }
    const whole = Array.from({ length: 23 }, (_, index) => index + 1);
    for (const limit of [1, 5, 22, 23, 100]) expect(await readWholeJournal(client, limit)).toEqual(whole);
    expect((await client.call('get_session_context', { cursor: '0' })).code).toBe('INVALID_TOOL_ARGUMENTS');
  });

  test('is bounded in tokens, whatever was written, and the rest can still be had', async () => {
    const client = await connectClient(await temporaryFolder(), all);
    await client.call('start_session', { project });
    // Three bytes each, and hardly compressible by a tokenizer.
    const dense = '龘靐齉齾爩'.repeat(2000);
    for (let index = 0; index < 30; index += 1) {
      await client.call('log_action', {
        type: 'edit',
        description: dense,
        files_affected: Array.from({ length: 20 }, (_, file) => `${index}-${file}-${'龘'.repeat(200)}`),
        success: false,
      });
    }
    expect(await readWholeJournal(client, 100)).toHaveLength(30);
    for (const tool of ['start_session', 'resume_session', 'get_project_overview']) {
      const { text, isError } = await client.call(tool, { project });
      expect(isError).toBe(false);
      expect(countTokens(text)).toBeLessThan(25_000);
    }
  });

  test("holds the project's sessions before it", async () => {
    const { call } = await connectClient(await temporaryFolder(), all);
    const { output: first } = await call('start_session', { project });
    await call('end_session');
    await call('start_session', { project });
    const { output } = await call('get_session_context', {});
    expect(output['history']).toMatchObject([{ session_id: first['session_id'], end_reason: 'completed' }]);
    const without = await call('get_session_context', { include_history: false });
    expect(without.output['history']).toEqual([]);
  });
});

describe('the list of sessions', () => {
  test('of all clients, filtered, page by page', async () => {
    const home = await temporaryFolder();
    const [one, two] = [
      await connectClient(home, { ...all, name: 'one' }),
      await connectClient(home, { ...all, name: 'two' }),
    ];
    for (let index = 0; index < 5; index += 1) {
      await one.call('start_session', { project: `p${index}` });
      await two.call('start_session', { project: `p${index}` });
    }
    const seen: unknown[] = [];
    let cursor: unknown = null;
    do {
      const { output } = await one.call('list_sessions', {
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...(output['sessions'] as { session_id: string }[]).map(({ session_id }) => session_id));
      cursor = output['next_cursor'];
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(10);
    expect(seen).toHaveLength(10);
    const { output } = await one.call('list_sessions', { project: 'p1', agent: 'two', state: 'active' });
    expect(output['sessions']).toMatchObject([{ project: 'p1', agent: 'two', state: 'active' }]);
    expect((await one.call('list_sessions', { cursor: 'no cursor' })).isError).toBe(true);
  });
});

describe('the clean-up of zombie sessions', () => {
  test('shows first, then ends what nobody is behind, and never what lives', async () => {
    const home = await temporaryFolder();
    const one = await connectClient(home, all);
    const two = await connectClient(home, all);
    await one.call('start_session', { project });
    await two.call('start_session', { project });
    const manager = createSessionManager({ store: sqliteStore({ path: databasePath(home) }), owner: null });
    onTestFinished(() => manager.close());
    const orphan = await manager.start({ kind: 'agent', project });

    const shown = await one.call('cleanup_zombie_sessions', { idle_minutes: 0 });
    expect(shown.output).toMatchObject({
      dry_run: true,
      found: 1,
      ended: 0,
      sessions: [{ session_id: orphan.id, owner: 'none', state: 'active' }],
    });
    expect((await manager.get(orphan.id)).state).toBe('active');
    expect((await one.call('cleanup_zombie_sessions')).output).toMatchObject({ found: 0 });

    const done = await one.call('cleanup_zombie_sessions', { idle_minutes: 0, dry_run: false });
    expect(done.output).toMatchObject({
      ended: 1,
      sessions: [{ session_id: orphan.id, state: 'ended', end_reason: 'terminated' }],
    });
    const { sessions } = await manager.list({ state: 'active' });
    expect(sessions).toHaveLength(2);
  });
});

describe('the overview of a project', () => {
  test('counts, says how active it is, and goes on without a knowledge base', async () => {
    const { call } = await connectClient(await temporaryFolder(), all);
    const empty = await call('get_project_overview', { project });
    expect(empty.output).toMatchObject({
      activity_level: 'none',
      last_activity_at: null,
      active_sessions: 0,
    });
    await call('start_session', { project });
    await call('log_action', { type: 'edit', description: 'x', files_affected: ['a.ts'], success: false });
    const { output } = await call('get_project_overview', { project });
    expect(output).toMatchObject({
      activity_level: 'low',
      sessions_this_week: 1,
      entries_this_week: 1,
      active_sessions: 1,
      recent_files: ['a.ts'],
      unresolved_issues: ['edit: x (failed)'],
    });
  });
});
