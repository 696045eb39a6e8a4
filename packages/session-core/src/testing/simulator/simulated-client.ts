import { isSessionError, type SessionErrorCode } from '../../errors/session-error.ts';
import type { SessionManager } from '../../manager/session-manager.ts';
import type { CallerEndReason } from '../../session/end-reason.ts';
import type { NewEntry } from '../../session/entry.ts';
import type { KnownSession } from './known-session.ts';
import type { SimulatedProcess } from './simulated-machine.ts';
import type { SimulationHistory } from './simulation-history.ts';
import type { SimulationRandom } from './simulation-random.ts';
import { ensure, SimulationViolation } from './simulation-violation.ts';

export interface SimulatedClientOptions {
  readonly manager: SessionManager;
  readonly random: SimulationRandom;
  readonly history: SimulationHistory;
  /** The last sessions that somebody heard of. */
  readonly recent: string[];
  /** Processes that own sessions and run no manager. */
  readonly owners: () => readonly SimulatedProcess[];
  /** Whether the simulation made this error. */
  readonly isInjected: (error: unknown) => boolean;
}

/** Somebody who uses a manager in every way there is, and checks each answer. */
export interface SimulatedClient {
  /** The names of the operations. */
  readonly operations: readonly string[];
  /** Does one; rejects only when a promise was broken. */
  run(operation: string): Promise<void>;
}

const refusals: readonly SessionErrorCode[] = [
  'SESSION_NOT_FOUND',
  'SESSION_ENDED',
  'EXTERNAL_ID_IN_USE',
  'IDEMPOTENCY_CONFLICT',
  'MANAGER_CLOSED',
  'SESSION_QUOTA',
  'SESSION_RATE',
];

const reasons = ['completed', 'client_disconnected', 'shutdown'] as const satisfies CallerEndReason[];
const maxRecent = 48;
const maxAttempts = 3;

export function createSimulatedClient(options: SimulatedClientOptions): SimulatedClient {
  const { manager, random, history, recent, owners, isInjected } = options;

  const remember = (id: string): void => {
    if (recent.length < maxRecent) recent.push(id);
    else recent[random.below(maxRecent)] = id;
  };
  const someSession = (): string => recent[random.below(recent.length)] ?? 'ses_none';
  const known = (id: string): KnownSession => {
    const found = history.sessions.get(id);
    ensure(found !== undefined, () => `session ${id} was acknowledged and is not there`);
    return found;
  };
  const someEntries = (): NewEntry[] =>
    Array.from({ length: 1 + random.below(3) }, () => {
      const number = random.below(40);
      const idempotencyKey = random.chance(0.6) ? `key-${number}` : null;
      // Now and then the same key with other content.
      const text = `entry ${number}${random.chance(0.03) ? ' changed' : ''}`;
      return { type: 'note', text, idempotencyKey };
    });

  /** As a careful caller does: the same call again when it did not hear whether it happened. */
  const insist = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!isInjected(error) || attempt === maxAttempts) throw error;
      }
    }
  };

  const operations: Readonly<Record<string, () => Promise<void>>> = {
    open: () => manager.open(),
    async start() {
      const external = random.chance(0.4);
      const someOwners = owners();
      const owner = random.chance(0.3)
        ? null
        : random.chance(0.5)
          ? someOwners[random.below(someOwners.length)]?.identity
          : undefined;
      const session = await manager.start({
        kind: 'simulated',
        source: external ? 'agent' : null,
        externalId: external ? `external-${random.below(6)}` : null,
        parentId: random.chance(0.4) ? someSession() : null,
        idleTtlMs: 40 + random.below(2_000),
        maxLifetimeMs: 100 + random.below(6_000),
        ...(owner === undefined ? {} : { owner }),
      });
      known(session.id);
      remember(session.id);
    },
    async touch() {
      const session = await manager.touch(someSession());
      ensure(session.state === 'active', () => `touch answered with ${session.id} ended`);
    },
    async record() {
      const id = someSession();
      const entries = someEntries();
      const stored = await insist(() => manager.record(id, entries));
      const { journal } = known(id);
      ensure(
        stored.length === entries.length,
        () => `${stored.length} of ${entries.length} entries recorded`,
      );
      for (const [index, entry] of stored.entries()) {
        const { text, idempotencyKey } = entries[index] ?? {};
        ensure(
          journal[entry.sequence - 1] === text &&
            entry.text === text &&
            entry.idempotencyKey === idempotencyKey,
          () => `entry ${entry.sequence} of ${id} was acknowledged and is not there`,
        );
      }
    },
    async recordByExternalId() {
      const someOwners = owners();
      const numbers = Array.from({ length: 1 + random.below(4) }, () => random.below(12));
      const { session, added } = await insist(() =>
        manager.recordByExternalId({
          kind: 'simulated',
          source: 'agent',
          externalId: `external-${random.below(6)}`,
          owner: someOwners[random.below(someOwners.length)]?.identity ?? null,
          idleTtlMs: 40 + random.below(2_000),
          entries: numbers.map((number) => ({
            type: 'turn',
            text: `turn ${number}`,
            idempotencyKey: `turn-${number}`,
          })),
        }),
      );
      ensure(
        known(session.id).journal.length >= added,
        () => `turns recorded in ${session.id} are not there`,
      );
      remember(session.id);
    },
    async end() {
      const session = await manager.end(someSession(), { reason: random.pick(reasons) });
      ensure(
        known(session.id).end?.reason === session.endReason,
        () => `the end of ${session.id} is not there`,
      );
    },
    async terminate() {
      const session = await manager.terminate(someSession());
      ensure(known(session.id).end?.reason === 'terminated', () => `the end of ${session.id} is not there`);
    },
    async endOwned() {
      await manager.endOwned({ reason: 'shutdown' });
    },
    async importSession() {
      const number = random.below(4);
      const texts = Array.from({ length: 1 + random.below(4) }, (_, index) => `line ${index}`);
      const { session } = await manager.importSession({
        kind: 'simulated',
        source: 'history',
        externalId: `old-${number}`,
        startedAt: 1_600_000_000_000,
        endedAt: 1_600_000_000_000 + random.below(1_000),
        entries: texts.map((text) => ({ type: 'note', text, idempotencyKey: text })),
      });
      const { journal } = known(session.id);
      ensure(journal.length >= texts.length, () => `an import of ${session.id} lost entries`);
    },
    async get() {
      await manager.get(someSession());
    },
    async list() {
      const state = random.pick<'active' | 'ended' | 'all'>(['active', 'ended', 'all']);
      const { sessions } = await manager.list({ state, limit: 1 + random.below(20) });
      for (const session of sessions) known(session.id);
    },
    async entries() {
      const id = someSession();
      const { entries } = await manager.entries(id, { limit: 1000 });
      const { journal } = known(id);
      for (const entry of entries) {
        ensure(
          journal[entry.sequence - 1] === entry.text,
          () => `entry ${entry.sequence} of ${id} is another`,
        );
      }
    },
    async children() {
      const id = someSession();
      for (const child of await manager.children(id)) {
        ensure(child.parentId === id, () => `session ${child.id} is not a child of ${id}`);
      }
    },
    async counts() {
      const { active, ended, byReason } = await manager.counts();
      const sum = Object.values(byReason).reduce((total, count) => total + count, 0);
      ensure(sum === ended && active >= 0, () => `${sum} ends by reason and ${ended} in all`);
    },
    async sweep() {
      await manager.sweep();
    },
  };

  // Whoever hears of an end tries to start another: the cascade that must not be possible.
  manager.events.on('session:ended', async ({ session }) => {
    if (!random.chance(0.1)) return;
    const code = await manager.start({ kind: 'cascade' }).then(
      () => 'a new session',
      (error: unknown) => (isSessionError(error) ? error.code : String(error)),
    );
    ensure(code === 'CREATION_DURING_CLEANUP', () => `a start at the end of ${session.id} gave ${code}`);
  });

  return {
    operations: Object.keys(operations),
    async run(operation) {
      try {
        await operations[operation]?.();
      } catch (error) {
        if (isInjected(error)) return;
        if (!isSessionError(error)) throw error;
        // The only bad option that chance can give: a start that would supersede its own ancestor.
        const ancestor = error.code === 'INVALID_OPTIONS' && error.path === 'parentId';
        if (!ancestor && !refusals.includes(error.code)) {
          throw new SimulationViolation(`${operation} gave ${error.code}: ${error.message}`, {
            cause: error,
          });
        }
        if (error.code !== 'SESSION_ENDED' || error.sessionId === undefined) return;
        const { end } = known(error.sessionId);
        ensure(
          end?.reason === error.reason,
          () => `${operation} was told ${error.reason} of ${error.sessionId}, which ended as ${end?.reason}`,
        );
      }
    },
  };
}
