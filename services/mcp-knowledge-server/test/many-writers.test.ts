import { expect, test } from 'vitest';
import { databasePath } from './support/database-path.ts';
import { type RunningServer, runServer } from './support/running-server.ts';
import { storedSessions } from './support/stored-sessions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** By each of the three servers; 2,000 in `pnpm soak`. */
const writes = Number(process.env['MCP_WRITES'] ?? 300);
const inFlight = 20;

test(
  'three servers write into one session: none lost, none twice, also of those that are sent again',
  { timeout: 60_000 + writes * 100 },
  async () => {
    const home = await temporaryFolder();
    const servers = [runServer(home), runServer(home), runServer(home)];
    await Promise.all(servers.map((server) => server.initialize()));
    const started = await servers[0]!.callTool('start_session', { project: 'shared' });
    const { session_id: session } = started['structuredContent'] as { session_id: string };

    const log = async (server: RunningServer, text: string): Promise<void> => {
      const args = { session_id: session, type: 'edit', description: text, idempotency_key: text };
      const answer = await server.callTool('log_action', args);
      expect(answer, text).not.toHaveProperty('isError');
    };
    const texts = servers.map((_, index) => Array.from({ length: writes }, (_, n) => `${index}-${n}`));
    await Promise.all(
      servers.map(async (server, index) => {
        const mine = texts[index] ?? [];
        for (let from = 0; from < mine.length; from += inFlight) {
          const batch = mine.slice(from, from + inFlight);
          // The last of each batch is sent twice, as a client does that has not heard in time.
          await Promise.all([...batch, ...batch.slice(-1)].map((text) => log(server, text)));
        }
      }),
    );
    for (const { child } of servers.slice(1)) child.stdin?.end();
    const ended = await servers[0]!.callTool('end_session');
    expect(ended['structuredContent']).toMatchObject({ persisted: { entries: 3 * writes } });
    servers[0]!.child.stdin?.end();
    await Promise.all(servers.map((server) => server.ended()));

    const [stored] = await storedSessions(databasePath(home));
    expect(stored?.entryCount).toBe(3 * writes);
    const seen = stored?.entries.map(({ text }) => text ?? '') ?? [];
    expect(seen.toSorted()).toEqual(texts.flat().toSorted());
  },
);
