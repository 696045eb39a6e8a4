import { isSessionError, projectOf } from '@endwell/session-core';
import { z } from 'zod';

import { fitIntoBudget } from '../sessions/answer-budget.ts';
import { sessionRow, viewSessionRow } from '../sessions/session-row.ts';
import { findZombies, type Zombie } from '../sessions/zombies.ts';
import { defineTool } from './define-tool.ts';
import type { Tool, ToolContext } from './tool.ts';

const minuteMs = 60_000;

export const cleanupZombieSessions: Tool = defineTool({
  name: 'cleanup_zombie_sessions',
  title: 'Clean up zombie sessions',
  description:
    'Finds active sessions that nobody is behind any more: idle, and their owner is dead, unknown or nobody. Shows them; ends them only with dry_run false. A session whose owner lives is never touched.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.object({
    dry_run: z.boolean().default(true),
    idle_minutes: z.number().min(0).max(10_080).default(15),
    project: z.string().min(1).max(1000).optional().describe('Default: all.'),
  }),
  output: z.object({
    dry_run: z.boolean(),
    found: z.int(),
    ended: z.int(),
    sessions: z.array(
      z.object({
        ...sessionRow.shape,
        owner: z.enum(['alive', 'dead', 'unknown', 'none']),
        idle_minutes: z.int(),
      }),
    ),
    omitted: z.int().describe('How many more there are than are listed.'),
  }),
  run: async (input, context) => {
    const { manager } = context;
    const zombies = await findZombies(manager, {
      project: input.project && projectOf(input.project),
      idleMs: input.idle_minutes * minuteMs,
      now: Date.now(),
    });
    const shown = input.dry_run ? zombies : await endZombies(zombies, context);
    const rows = fitIntoBudget(
      shown.map(({ session, owner, idleMs }) => ({
        ...viewSessionRow(session),
        owner,
        idle_minutes: Math.floor(idleMs / minuteMs),
      })),
    );
    const ended = input.dry_run ? 0 : shown.filter(({ session }) => session.state === 'ended').length;
    return {
      summary: input.dry_run
        ? `${zombies.length} would be ended; call again with dry_run false to end them.`
        : `${ended} of ${zombies.length} were ended.`,
      output: {
        dry_run: input.dry_run,
        found: zombies.length,
        ended,
        sessions: rows,
        omitted: shown.length - rows.length,
      },
    };
  },
});

/** Ends each, and says of each how it is now: one that has come back to life or ended meanwhile is left. */
async function endZombies(
  zombies: readonly Zombie[],
  { manager, signal }: ToolContext,
): Promise<readonly Zombie[]> {
  const results: Zombie[] = [];
  for (const zombie of zombies) {
    signal.throwIfAborted();
    const { id, lastActiveAt } = zombie.session;
    const current = await manager.get(id);
    if (current.state === 'ended' || current.lastActiveAt > lastActiveAt) {
      results.push({ ...zombie, session: current });
      continue;
    }
    try {
      const session = await (zombie.owner === 'dead'
        ? manager.end(id, { reason: 'owner_died', note: 'Its owner had died.' })
        : manager.terminate(id, {
            note: `Nobody was behind it for ${Math.floor(zombie.idleMs / minuteMs)} minutes.`,
          }));
      results.push({ ...zombie, session });
    } catch (error) {
      if (!isSessionError(error) || error.code !== 'SESSION_ENDED') throw error;
      results.push({ ...zombie, session: await manager.get(id) });
    }
  }
  return results;
}
