import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { isolatedEnvironment, programs } from './support/repository.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface SessionView {
  readonly state: string;
  readonly endReason: string | null;
  readonly entryCount: number;
}

test('init hooks an agent, which is recorded while it runs; when it is killed the server says how it ended', async () => {
  const home = await temporaryFolder();
  const settings = join(home, '.claude', 'settings.json');
  const transcript = join(home, '.claude', 'projects', 'atlas', 'one.jsonl');
  await mkdir(join(transcript, '..'), { recursive: true });
  await writeFile(settings, '{}\n');
  const env = isolatedEnvironment(home);
  const init = [programs.diary, 'init', '--agent', 'claude-code', '--yes', '--no-import'];
  await promisify(execFile)(programs.node, init, { env });

  const server = spawn(programs.node, [programs.diary, 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const serverEnded = once(server, 'exit');
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await serverEnded;
  });
  const [announced] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const url = /http:\S+/.exec(announced)?.[0] ?? '';
  const list = async (): Promise<SessionView[]> => {
    const answer = await fetch(new URL('/api/v1/sessions', url));
    return ((await answer.json()) as { sessions: SessionView[] }).sessions;
  };

  const agentFile = join(import.meta.dirname, 'support', 'hooked-agent.ts');
  const agent = spawn(programs.node, [agentFile, settings], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const agentEnded = once(agent, 'exit');
  onTestFinished(async () => {
    agent.kill('SIGKILL');
    await agentEnded;
  });
  const answers = createInterface({ input: agent.stdout });
  await once(answers, 'line');
  const hook = async (name: string, more: object = {}): Promise<string> => {
    const event = {
      hook_event_name: name,
      session_id: 'one',
      transcript_path: transcript,
      cwd: home,
      ...more,
    };
    const answered = once(answers, 'line');
    agent.stdin.write(`${JSON.stringify(event)}\n`);
    const [answer] = (await answered) as [string];
    return answer;
  };

  expect(await hook('SessionStart', { source: 'startup' })).toBe('SessionStart 0');
  const line = {
    type: 'user',
    sessionId: 'one',
    uuid: 'u1',
    cwd: home,
    message: { role: 'user', content: 'Hello' },
  };
  await writeFile(transcript, `${JSON.stringify(line)}\n`);
  expect(await hook('Stop')).toBe('Stop 0');
  expect(await list()).toMatchObject([{ state: 'active', entryCount: 2 }]);

  const events = await fetch(new URL('/api/v1/events?after=now', url));
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const until = async (word: string): Promise<void> => {
    while (!seen.includes(word)) seen += (await reader?.read())?.value ?? '';
  };
  await until('stream:ready');
  agent.kill('SIGKILL');
  await until('owner_died');
  await reader?.cancel();
  expect(await list()).toMatchObject([{ state: 'ended', endReason: 'owner_died', entryCount: 2 }]);
});
