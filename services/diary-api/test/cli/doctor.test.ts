import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDiary, startDiary } from '../support/diary-process.ts';
import { startAgent } from '../support/start-agent.ts';
import { allSessions, openManager } from '../support/stored-sessions.ts';
import { temporaryHome } from '../support/temporary-home.ts';

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly level: string;
    readonly what: string;
    readonly fix?: string;
  }[];
  readonly fixed: readonly string[];
}

async function doctor(
  home: string,
  ...args: string[]
): Promise<{ code: number | null; stderr: string; report: Report }> {
  const { code, stdout, stderr } = await runDiary(['doctor', '--json', ...args], { home });
  return { code, stderr, report: JSON.parse(stdout) as Report };
}

const found = ({ findings }: Report, check: string): Report['findings'][number] | undefined =>
  findings.find((finding) => finding.check === check);

test('a session whose agent was killed while nothing ran is found, and ended by --fix', async () => {
  const home = await temporaryHome();
  const agent = await startAgent(home);
  await agent.hook({ session_id: '1', cwd: home, hook_event_name: 'SessionStart', source: 'startup' });
  await agent.kill();

  const looked = await doctor(home);
  expect(looked.code).toBe(0);
  expect(found(looked.report, 'sessions')).toMatchObject({ level: 'warning', fix: 'diary sessions sweep' });
  expect((await doctor(home)).report.fixed).toEqual([]);
  const fixed = await doctor(home, '--fix');
  expect(fixed.report.fixed).toContain('Ended 1 session that was left behind.');
  expect(found(fixed.report, 'sessions')).toBeUndefined();
  const [session] = await allSessions(openManager(home));
  expect(session).toMatchObject({ endReason: 'owner_died' });
});

test('a data folder that cannot be made does not look healthy, and an empty home stays empty', async () => {
  const home = await temporaryHome();
  const empty = await doctor(home, '--port', '0', '--fix');
  expect(empty).toMatchObject({ code: 0, report: { healthy: true, fixed: [] } });
  expect(await readdir(home)).toEqual([]);
  await writeFile(join(home, 'file'), '');
  const below = join(home, 'file', 'data');
  const broken = await runDiary(['doctor', '--home', below], { home });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain('problem  STORE_UNREADABLE');
  const list = await runDiary(['sessions', 'list', '--home', below], { home });
  expect(list).toMatchObject({ code: 1, stdout: '' });
  expect(list.stderr).toContain('STORE_UNREADABLE');
});

test('lost hook programs, files of the old logger, a pause and a busy port are each told with a fix', async () => {
  const home = await temporaryHome();
  const data = join(home, 'data');
  await mkdir(join(home, '.claude'));
  await mkdir(join(home, 'logs'));
  await mkdir(data);
  const hook = { hooks: [{ type: 'command', command: '/gone/node /gone/diary.js hook' }] };
  await writeFile(join(home, '.claude', 'settings.json'), JSON.stringify({ hooks: { Stop: [hook] } }));
  const lost = { command: '/gone/guard', args: ['run', '--', '/gone/bin/mcp-knowledge-server.js'] };
  await writeFile(join(home, '.claude.json'), JSON.stringify({ mcpServers: { endwell: lost } }));
  await writeFile(join(home, 'logs', 'current_session.json'), '{}');
  await writeFile(join(data, 'privacy.json'), JSON.stringify({ pauses: [{ from: 0, to: null }] }));
  const server = createServer((socket) => {
    // The doctor hangs up as soon as it has seen enough.
    socket.on('error', () => {});
    socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stderr, report } = await doctor(home, '--port', String(port));
  server.close();
  expect(code).toBe(1);
  expect(stderr).toContain('PROBLEMS_FOUND');
  expect(found(report, 'hooks')).toMatchObject({ level: 'problem', fix: 'diary init' });
  expect(found(report, 'hooks')?.what).toContain('/gone/node and /gone/diary.js');
  expect(found(report, 'mcp')).toMatchObject({ level: 'problem', fix: 'diary init' });
  expect(found(report, 'mcp')?.what).toContain('/gone/guard and /gone/bin/mcp-knowledge-server.js');
  expect(found(report, 'old-files')).toMatchObject({ level: 'warning', fix: 'diary import legacy --remove' });
  expect(found(report, 'privacy')).toMatchObject({ level: 'warning', fix: 'diary resume' });
  expect(found(report, 'port')?.what).toContain('Another program');
});

test('a server that runs is recognised', async () => {
  const home = await temporaryHome();
  const { port } = new URL(await startDiary(['serve', '--port', '0'], { home }).address());
  const { report } = await doctor(home, '--port', port);
  expect(found(report, 'port')).toMatchObject({ level: 'ok' });
  expect(found(report, 'port')?.what).toContain('A server answers');
});
