import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { createSessionManager, sqliteStore } from '../src/index.ts';
import { scratchFolder } from './scratch-folder.ts';

/** `pnpm soak` acts it out in full: 100 processes that each start one session per second. */
const processes = Number(process.env['SESSION_CORE_CASCADE_PROCESSES'] ?? 8);
const paceMs = Number(process.env['SESSION_CORE_CASCADE_PACE_MS'] ?? 40);
const forMs = Number(process.env['SESSION_CORE_CASCADE_MS'] ?? 3_000);

const quotas = { perOwner: 4, perProject: 12, perStore: 14 };
const rate = { perSecond: 20, burst: 20 };
const program = fileURLToPath(new URL('fixtures/cascade-process.ts', import.meta.url));

interface Told {
  readonly outcomes: Record<string, number>;
  readonly wrong: string[];
}

it(
  'cannot start a cascade, whatever end handlers, sweeps, shutdown hooks and many processes try',
  { timeout: 60_000 + 20 * forMs },
  async () => {
    await using folder = await scratchFolder();
    await using observer = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    await observer.open();
    const children = Array.from({ length: processes }, () => {
      const child = spawn(
        process.execPath,
        [
          '--conditions=@endwell/source',
          program,
          folder.database,
          String(paceMs),
          JSON.stringify(quotas),
          JSON.stringify(rate),
        ],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return { child, lines, exited: once(child, 'exit') };
    });
    try {
      for (const { lines } of children) expect((await lines.next()).value).toBe('"ready"');
      await pass(forMs);
      for (const { child } of children) child.stdin.end();
      const told = await Promise.all(
        children.map(async ({ lines }) => JSON.parse((await lines.next()).value ?? '') as Told),
      );
      const exits = await Promise.all(children.map(({ exited }) => exited));
      expect(exits.map(([code]) => code)).toStrictEqual(children.map(() => 0));
      expect(told.flatMap(({ wrong }) => wrong)).toStrictEqual([]);

      const outcomes: Record<string, number> = {};
      for (const [what, count] of told.flatMap((each) => Object.entries(each.outcomes))) {
        outcomes[what] = (outcomes[what] ?? 0) + count;
      }
      console.log(`${processes} processes, a start each ${paceMs} ms, ${forMs} ms:`, outcomes);
      // What cleans up has started nothing; what may start was held by a quota and by the rate.
      const cleanups = Object.keys(outcomes).filter((what) => /^(handler|hook)/.test(what));
      expect(cleanups.toSorted()).toStrictEqual([
        'handler: CREATION_DURING_CLEANUP',
        'hook: CREATION_DURING_CLEANUP',
      ]);
      expect(outcomes['hook: CREATION_DURING_CLEANUP']).toBe(2 * processes);
      const rest = Object.keys(outcomes).filter((what) => !/^(handler|hook)/.test(what));
      const busy = rest.filter((what) => what.endsWith('STORE_BUSY'));
      expect(rest.filter((what) => !busy.includes(what)).toSorted()).toStrictEqual([
        'timer: SESSION_QUOTA',
        'timer: SESSION_RATE',
        'timer: started',
      ]);

      // At no moment were there more than the quota: the event log tells every start and end, in order.
      await observer.sweep();
      const mark = await observer.start({ kind: 'end-of-log' });
      const active = new Set<string>();
      let most = 0;
      let started = 0;
      for await (const event of observer.watch({ after: 'start' })) {
        if (event.sessionId === mark.id) break;
        if (event.type === 'session:started') {
          active.add(event.sessionId);
          started += 1;
        }
        if (event.type === 'session:ended') active.delete(event.sessionId);
        most = Math.max(most, active.size);
      }
      expect(active.size).toBe(0);
      expect(most).toBeLessThanOrEqual(quotas.perProject);
      expect({ told: outcomes['timer: started'] }).toStrictEqual({ told: started });
      // Nobody was killed: only where the lock was gone for too long did an end wait for the exit.
      const { byReason } = await observer.counts();
      expect(busy.length > 0 ? 0 : byReason.owner_died).toBe(0);
      expect(await observer.integrityCheck()).toStrictEqual({ ok: true, problems: [] });
      // No session file anywhere: one database.
      const files = readdirSync(dirname(folder.database)).toSorted();
      expect(files).toStrictEqual(
        ['', '-shm', '-wal', '.bell'].map((end) => `${folder.database.split('/').at(-1)}${end}`).toSorted(),
      );
    } finally {
      for (const { child } of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ exited }) => exited));
    }
  },
);
