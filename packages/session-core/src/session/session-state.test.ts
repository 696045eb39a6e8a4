import assert from 'node:assert/strict';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { END_REASONS } from './end-reason.ts';
import { deadlineOf, isOverdue, presentSession, transition, type SessionCommand } from './session-state.ts';
import type { Session } from './session.ts';
import { sampleSession } from '../../test/sample-session.ts';

const startedAt = 1_700_000_000_000;

function activeSession(idleTtlMs: number, maxLifetimeMs: number, clockOffsetMs = 0): Session {
  return sampleSession({ startedAt, idleTtlMs, maxLifetimeMs, clockOffsetMs });
}

const command: fc.Arbitrary<SessionCommand> = fc.oneof(
  fc.constant({ type: 'touch' as const }),
  fc.record({ type: fc.constant('record' as const), count: fc.integer({ min: 0, max: 50 }) }),
  fc.record({
    type: fc.constant('end' as const),
    reason: fc.constantFrom(...END_REASONS),
    note: fc.option(fc.string()),
  }),
  fc.constant({ type: 'expire' as const }),
);

/** The clock jumps in both directions. */
const step = fc.record({ command, elapsedMs: fc.integer({ min: -2_000, max: 4_000 }) });

describe('the state machine', () => {
  it('keeps its promises whatever is done to it, in any order, with any clock', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(step, { maxLength: 60 }),
        (idleTtlMs, maxLifetimeMs, steps) => {
          let session = activeSession(idleTtlMs, maxLifetimeMs);
          let now = startedAt;
          let ends = 0;
          for (const { command, elapsedMs } of steps) {
            now += elapsedMs;
            const before = session;
            const overdue = isOverdue(before, now);
            const { outcome, session: after } = transition(before, command, now);
            session = after;

            if (before.state === 'ended') {
              assert.deepEqual([outcome, after], ['refused', before]);
              continue;
            }
            assert.equal(after.revision, before.revision + (after.state === 'ended' ? 1 : 0));
            assert.ok(after.lastActiveAt >= before.lastActiveAt);
            assert.ok(after.entryCount >= before.entryCount);
            assert.ok(after.expiresAt <= startedAt + maxLifetimeMs);
            if (overdue) {
              const { reason, at } = deadlineOf(before);
              assert.deepEqual([outcome, after.endReason, after.endedAt], ['expired', reason, at]);
              assert.deepEqual(after, presentSession(before, now));
              assert.equal(after.entryCount, before.entryCount);
            } else if (command.type === 'end') {
              assert.deepEqual([outcome, after.endReason], ['accepted', command.reason]);
              assert.ok((after.endedAt ?? 0) >= startedAt);
            } else {
              assert.equal(after.state, 'active');
              assert.equal(outcome, command.type === 'expire' ? 'refused' : 'accepted');
            }
            if (after.state === 'ended') ends += 1;
          }
          assert.equal(ends, session.state === 'ended' ? 1 : 0);
          // Left alone, it ends within its bounds.
          assert.equal(presentSession(session, startedAt + maxLifetimeMs).state, 'ended');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('takes the earlier of two deadlines, and the lifetime when both are due at once', () => {
    expect(deadlineOf(activeSession(10, 20))).toStrictEqual({ at: startedAt + 10, reason: 'idle_timeout' });
    expect(deadlineOf(activeSession(20, 10))).toStrictEqual({ at: startedAt + 10, reason: 'max_lifetime' });
    expect(deadlineOf(activeSession(10, 10))).toStrictEqual({ at: startedAt + 10, reason: 'max_lifetime' });
  });
});

it('runs on the clock of deadlines, and tells the times of the session’s own', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 999 }), (offset, later) => {
      const [plain, shifted] = [activeSession(1_000, 5_000), activeSession(1_000, 5_000, offset)];
      const strip = (session: Session): Session => ({ ...session, clockOffsetMs: 0 });
      for (const type of ['touch', 'expire'] as const) {
        for (const elapsed of [later, 1_000 + later]) {
          const at = startedAt + elapsed;
          const moved = transition(shifted, { type }, at + offset);
          const expected = transition(plain, { type }, at);
          assert.equal(moved.outcome, expected.outcome);
          assert.deepEqual(strip(moved.session), expected.session);
        }
      }
    }),
  );
});
