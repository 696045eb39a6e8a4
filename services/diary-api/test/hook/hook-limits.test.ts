import { join } from 'node:path';
import { readIdentity } from '@endwell/proc-guard';
import * as fc from 'fast-check';
import { encode } from 'gpt-tokenizer';
import { expect, onTestFinished, test } from 'vitest';
import { openDiaryDatabase } from '../../src/database/open-diary-database.ts';
import { readHookRefusals } from '../../src/hook/hook-refusals.ts';
import { boundTokens } from '../../src/hook/token-bound.ts';
import { startAgent } from '../support/start-agent.ts';
import { openManager } from '../support/stored-sessions.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const one = '11111111-0000-4000-8000-000000000000';

test('what a quota refuses is counted, and does not fail the agent', async () => {
  const home = await temporaryHome();
  const agent = await startAgent(home);
  const manager = openManager(home);
  const owner = readIdentity(agent.child.pid ?? 0);
  for (let index = 0; index < 100; index += 1)
    await manager.start({ kind: 'agent', project: join(home, String(index)), owner });
  const event = { session_id: one, cwd: home, hook_event_name: 'SessionStart', source: 'startup' };
  for (let call = 0; call < 2; call += 1) {
    const end = await agent.hook(event);
    expect(end).toMatchObject({ code: 0, stdout: '' });
    expect(end.stderr).toContain('SESSION_QUOTA');
  }
  const database = await openDiaryDatabase(join(home, 'data', 'endwell.db'));
  onTestFinished(() => database.close());
  expect(await readHookRefusals(database)).toMatchObject([{ code: 'SESSION_QUOTA', count: 2 }]);
});

test('context is given at a start only when it is asked for, within 500 tokens', async () => {
  const home = await temporaryHome();
  const manager = openManager(home);
  for (let index = 0; index < 12; index += 1) {
    const { id } = await manager.start({ kind: 'agent', project: home, agent: 'claude-code' });
    const text = `Prompt ${index}: ${'桥を建てる 🌉 0x1f2e3d '.repeat(20)}`;
    await manager.record(id, { type: 'message', text, data: { role: 'user' } });
    await manager.end(id);
  }
  const agent = await startAgent(home);
  const event = { session_id: one, cwd: home, hook_event_name: 'SessionStart', source: 'startup' };
  expect((await agent.hook(event)).stdout).toBe('');
  const { stdout } = await agent.hook(event, { args: '--context' });
  const { hookSpecificOutput } = JSON.parse(stdout) as {
    hookSpecificOutput: { hookEventName: string; additionalContext: string };
  };
  expect(hookSpecificOutput.hookEventName).toBe('SessionStart');
  expect(hookSpecificOutput.additionalContext).toContain('completed: Prompt 11:');
  expect(encode(hookSpecificOutput.additionalContext).length).toBeLessThanOrEqual(500);
  expect((await agent.hook({ ...event, hook_event_name: 'Stop' }, { args: '--context' })).stdout).toBe('');
});

test('the bound on tokens is above what a real tokenizer counts, for any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.lorem({ maxCount: 50 }),
    fc.stringMatching(/^[a-f0-9/._-]{0,80}$/),
  );
  const isAbove = (value: string): boolean => boundTokens(value) >= encode(value).length;
  expect(fc.check(fc.property(text, isAbove), { numRuns: 1_000 }).counterexample).toBeNull();
});
