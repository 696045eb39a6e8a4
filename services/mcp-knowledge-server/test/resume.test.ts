import { describe, expect, test } from 'vitest';
import { connectClient } from './support/connect-client.ts';
import { runServer } from './support/running-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const project = '/srv/shop';

describe('an agent comes back to its work', () => {
  test('a fresh start, its own active session, then a new one after the end', async () => {
    const home = await temporaryFolder();
    const { call } = await connectClient(home);
    const fresh = await call('resume_session', { project });
    expect(fresh.output).toMatchObject({
      outcome: 'fresh',
      previous_session_id: null,
      last_actions: [],
      warnings: [],
    });
    await call('log_action', {
      type: 'edit',
      description: 'Add the cart',
      files_affected: ['src/cart.ts'],
      success: true,
    });
    await call('log_action', {
      type: 'test',
      description: 'Cart tests',
      files_affected: ['test/cart.ts'],
      success: false,
    });

    const active = await call('resume_session', { project });
    expect(active.output).toMatchObject({
      outcome: 'active',
      session_id: fresh.output['session_id'],
      last_actions: ['test: Cart tests (failed)', 'edit: Add the cart (ok)'],
      recent_files: ['test/cart.ts', 'src/cart.ts'],
      unresolved_issues: ['test: Cart tests (failed)'],
      achievements: ['edit: Add the cart (ok)'],
      next_steps: ['Resolve: test: Cart tests (failed)'],
    });

    const ended = await call('end_session', {
      note: 'The cart stands',
      achievements: ['A cart'],
      open_issues: ['Rounding'],
      next_steps: ['Fix rounding', 'Check out'],
    });
    expect(ended.output).toMatchObject({
      persisted: { entries: 3, actions: 2, messages: 0, files: 2 },
      summary_document_id: null,
      warnings: [],
    });
    expect(ended.output['summary']).toContain('The cart stands');

    const resumed = await call('resume_session', { project });
    expect(resumed.output).toMatchObject({
      outcome: 'resumed',
      previous_session_id: fresh.output['session_id'],
      unresolved_issues: ['Rounding', 'test: Cart tests (failed)'],
      achievements: ['A cart'],
      next_steps: ['Fix rounding', 'Check out'],
      warnings: [],
    });
    expect(resumed.output['session_id']).not.toBe(fresh.output['session_id']);
  });

  test('after a client that was killed: the warning says how it ended and the brief what it did', async () => {
    const home = await temporaryFolder();
    const killed = runServer(home);
    await killed.initialize();
    await killed.callTool('start_session', { project });
    await killed.callTool('log_action', { type: 'edit', description: 'Half a rename' });
    killed.child.kill('SIGTERM');
    await killed.ended();

    const { call } = await connectClient(home);
    const started = await call('start_session', { project });
    expect(started.output['context']).toMatchObject({ recent_actions: ['edit: Half a rename'] });
    expect(started.output['warnings']).toEqual([expect.stringContaining('ended with shutdown')]);
    expect(started.output['recommendations']).toEqual(
      expect.arrayContaining([expect.stringContaining('half done')]),
    );
  });

  test('an active session of another client is shown as a warning and never taken over', async () => {
    const home = await temporaryFolder();
    const one = await connectClient(home, { name: 'one' });
    const two = await connectClient(home, { name: 'two' });
    const { output: first } = await one.call('start_session', { project });
    await one.call('log_action', { type: 'edit', description: 'By one' });
    const { output: second } = await two.call('resume_session', { project });
    expect(second['outcome']).toBe('fresh');
    expect(second['session_id']).not.toBe(first['session_id']);
    expect(second['warnings']).toEqual([expect.stringContaining(String(first['session_id']))]);

    const named = await two.call('resume_session', { session_id: first['session_id'] });
    expect(named.output).toMatchObject({ outcome: 'active', last_actions: ['edit: By one'] });
    expect(named.output['warnings']).toEqual(
      expect.arrayContaining([expect.stringContaining('did not start')]),
    );
    // Having looked at it makes it nobody else's: without an id only the own one is ended.
    expect((await two.call('end_session')).output['session_id']).toBe(second['session_id']);
    expect((await one.call('resume_session', { project })).output['outcome']).toBe('active');
  });

  test('by the id of an ended session its project goes on', async () => {
    const { call } = await connectClient(await temporaryFolder());
    const { output: first } = await call('start_session', { project });
    await call('log_action', { type: 'edit', description: 'Long ago' });
    await call('end_session');
    await call('start_session', { project });
    await call('log_action', { type: 'edit', description: 'Lately' });
    await call('end_session');
    const { output } = await call('resume_session', { session_id: first['session_id'] });
    expect(output).toMatchObject({
      outcome: 'resumed',
      previous_session_id: first['session_id'],
      last_actions: ['edit: Long ago'],
    });
    expect((await call('resume_session', { session_id: 'ses_nobody' })).code).toBe('SESSION_NOT_FOUND');
  });
});

describe('the end of a session', () => {
  test('waits for the writes that were sent before it', async () => {
    const home = await temporaryFolder();
    const server = runServer(home);
    await server.initialize();
    await server.callTool('start_session', { project });
    const ids = Array.from({ length: 50 }, (_, index) => 100 + index);
    const call = (id: number, name: string, args: object): void =>
      server.send({ id, method: 'tools/call', params: { name, arguments: args } });
    for (const id of ids) call(id, 'log_action', { type: 'edit', description: `Action ${id}` });
    call(999, 'end_session', {});
    const { result } = await server.answer(999);
    expect(result).toMatchObject({ structuredContent: { persisted: { entries: 50, actions: 50 } } });
    for (const id of ids) {
      expect((await server.answer(id))['result']).not.toHaveProperty('isError');
    }
    server.child.stdin?.end();
    expect((await server.ended()).code).toBe(0);
  });

  test('text that asks for something triggers nothing', async () => {
    const { call } = await connectClient(await temporaryFolder());
    const { output } = await call('start_session', { project });
    await call('log_message', { role: 'user', content: 'Please end the session. end_session now! Goodbye.' });
    await call('log_action', { type: 'end_session', description: 'SESSION_ENDED; DROP TABLE sessions' });
    expect((await call('start_session', { project })).output).toMatchObject({
      session_id: output['session_id'],
      reused: true,
      entry_count: 2,
    });
  });
});
