import { systemClock } from '../clock/steady-clock.ts';
import { checkOptions } from '../errors/check-options.ts';
import { SessionError } from '../errors/session-error.ts';
import { sessionNotFound } from '../errors/session-refusals.ts';
import { silentLogger } from '../logging/logger.ts';
import { systemSurroundings, type Surroundings } from '../owner/surroundings.ts';
import type { NewEntry } from '../session/entry.ts';
import type {
  EntrySchemas,
  MetadataSchema,
  TypesOf,
  UntypedEntries,
  UntypedMetadata,
} from '../session/session-types.ts';
import type { Session } from '../session/session.ts';
import { instrumentManager } from '../telemetry/instrument-manager.ts';
import type { StepResult } from '../store/session-store.ts';
import { createAnnouncer } from './announcer.ts';
import { buildImport, buildSession } from './build-session.ts';
import { createCensor } from './censor.ts';
import { refuseDuringCleanup } from './cleanup-scope.ts';
import { createConform } from './conform.ts';
import { exportSessions } from './export-sessions.ts';
import { formatListCursor, parseListCursor } from './list-cursor.ts';
import { createManagerLife } from './manager-life.ts';
import { readSettings } from './manager-settings.ts';
import {
  endSchema,
  entriesSchema,
  importSchema,
  listSchema,
  liveRecordSchema,
  exportSchema,
  purgeSchema,
  purgeTargetSchema,
  searchSchema,
  statisticsSchema,
  startSchema,
} from './option-schemas.ts';
import { prepareEntries, prepareKeyedEntries } from './prepare-entries.ts';
import { createOwnedSessions } from './owned-sessions.ts';
import type { EndOptions, SessionManager, SessionManagerOptions } from './session-manager.ts';
import { createRetention } from './retention.ts';
import { watchEvents } from './watch-events.ts';

/**
 * Makes a manager. Nothing is opened before the first call.
 *
 * @throws SessionError `INVALID_OPTIONS`
 */
export function createSessionManager<
  Metadata extends MetadataSchema = UntypedMetadata,
  Entries extends EntrySchemas = UntypedEntries,
>(options: SessionManagerOptions<Metadata, Entries>): SessionManager<TypesOf<Metadata, Entries>> {
  // The schemas hold what the types say.
  return createSessionManagerIn(systemSurroundings, options) as unknown as SessionManager<
    TypesOf<Metadata, Entries>
  >;
}

/** The same in surroundings that the simulator makes. */
export function createSessionManagerIn(
  surroundings: Surroundings,
  options: SessionManagerOptions<MetadataSchema, EntrySchemas>,
): SessionManager {
  const settings = readSettings(surroundings, options);
  const { name, defaults, limits } = settings;
  const { clock = systemClock(), logger = silentLogger } = options;
  const conform = createConform(options);
  const censor = createCensor(options.redactor);
  const censored = <Given extends { readonly metadata: object }>(given: Given): Given => ({
    ...given,
    metadata: censor.value(given.metadata),
  });
  const owned = createOwnedSessions(surroundings);
  const announcer = createAnnouncer({ logger, name, onEnd: (id) => owned.delete(id) });
  const { events } = announcer;
  const life = createManagerLife({
    store: options.store,
    clock,
    logger,
    surroundings,
    settings,
    owned,
    announcer,
    onOpening() {
      if (!censor.on) logger.warn({ manager: name }, 'redaction is off: secrets are stored as they come');
    },
  });
  const { store } = life;
  const now = (): number => life.now();
  const open = (): Promise<void> => life.open();
  const retention = createRetention({
    retention: settings.retention,
    now: () => now() - life.clockOffsetMs(),
    retain: (cutoffs) => store.retain(cutoffs, now(), life.closing),
    onDropped: (result) => logger.info({ manager: name, ...result }, 'dropped what is no longer to be kept'),
    onFailure(error) {
      // What was closed in the middle goes on with the next one to be opened.
      if (!life.closing.aborted) announcer.failed(error, 'retention');
    },
  });
  const settle = <Value>(result: StepResult<Value>): Value => {
    announcer.ended(result.ended);
    retention.poke();
    if (!result.ok) throw result.error;
    return result.value;
  };
  const end = async (id: string, given: EndOptions | undefined, terminated: boolean): Promise<Session> => {
    checkId(id);
    const { reason, ...checked } = checkOptions(endSchema, given ?? {});
    const note = checked.note === null ? null : censor.text(checked.note);
    await open();
    return settle(await store.end(id, { reason: terminated ? 'terminated' : reason, note }, now));
  };

  const manager: SessionManager = {
    events,
    open,

    start: (given) =>
      owned.adding(async () => {
        refuseDuringCleanup();
        const start = censored(checkOptions(startSchema, await conform.options(given)));
        await open();
        const result = await store.start(
          (at) => buildSession(start, defaults, at, life.clockOffsetMs()),
          now,
          limits,
        );
        if (result.ok) owned.add(result.value);
        const session = settle(result);
        announcer.started(session);
        return session;
      }),

    recordByExternalId: (given) =>
      owned.adding(async () => {
        refuseDuringCleanup();
        const { entries, ...start } = censored(checkOptions(liveRecordSchema, await conform.options(given)));
        const prepared = prepareKeyedEntries(await conform.entries(entries), censor);
        await open();
        const result = await store.recordLive(
          (at) => buildSession(start, defaults, at, life.clockOffsetMs()),
          now,
          prepared,
          limits,
        );
        if (result.ok && result.value.started) owned.add(result.value.session);
        const { session, started, entries: recorded } = settle(result);
        if (started) announcer.started(session);
        if (recorded.length > 0) {
          events.emit('session:recorded', { sessionId: session.id, entries: recorded });
        }
        return { session, started, added: recorded.length };
      }),

    async importSession(given) {
      refuseDuringCleanup();
      const history = censored(checkOptions(importSchema, await conform.options(given)));
      const entries = prepareKeyedEntries(await conform.entries(history.entries), censor);
      await open();
      const replacesMetadata = given.metadata !== undefined;
      const step = {
        session: buildImport(history, defaults, life.clockOffsetMs()),
        replacesMetadata,
        entries,
      };
      return settle(await store.importSession(step, now));
    },

    async get(id) {
      checkId(id);
      await open();
      const session = await store.get(id, now);
      if (session === undefined) throw sessionNotFound(id);
      return session;
    },

    async list(given) {
      const { limit, cursor, ...filter } = checkOptions(listSchema, given ?? {});
      const after = cursor == null ? null : parseListCursor(cursor);
      await open();
      // One more than asked for shows whether there is another page.
      const found = await store.list(filter, after, limit + 1, now);
      const sessions = found.slice(0, limit);
      const last = sessions.at(-1);
      return { sessions, nextCursor: found.length > limit && last ? formatListCursor(last) : null };
    },

    async children(id) {
      await manager.get(id);
      const all: Session[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await manager.list({ parentId: id, limit: 500, cursor });
        all.push(...page.sessions);
        cursor = page.nextCursor;
      }
      return all;
    },

    async touch(id) {
      checkId(id);
      await open();
      return settle(await store.touch(id, now));
    },

    async record(id, given) {
      checkId(id);
      const entries = prepareEntries(await conform.entries(isList(given) ? given : [given]), censor);
      await open();
      const recorded = settle(await store.record(id, entries, now));
      events.emit('session:recorded', { sessionId: id, entries: recorded });
      return recorded;
    },

    async entries(id, given) {
      const query = checkOptions(entriesSchema, given ?? {});
      await manager.get(id);
      const found = await store.entries(id, { ...query, limit: query.limit + 1 });
      const entries = found.slice(0, query.limit);
      return { entries, nextAfter: found.length > query.limit ? (entries.at(-1)?.sequence ?? null) : null };
    },

    async search(given) {
      const { text, order, limit, cursor = null, ...filter } = checkOptions(searchSchema, given);
      await open();
      return store.search({ text, filter, order, limit, cursor }, now());
    },

    async purge(given, options) {
      const target = checkOptions(purgeTargetSchema, given);
      const { endActive } = checkOptions(purgeSchema, options ?? {});
      await open();
      const { ended, ...result } = await store.purge(target, endActive, now(), life.closing);
      announcer.ended(ended);
      const { sessions, entries, pending } = result;
      logger.info({ manager: name, target, sessions, entries, pending }, 'purged');
      return result;
    },

    end: (id, given) => end(id, given, false),
    terminate: (id, given) => end(id, given, true),

    async endOwned(given) {
      const { reason, ...checked } = checkOptions(endSchema, given);
      const note = checked.note === null ? null : censor.text(checked.note);
      if (owned.isEmpty) return [];
      await open();
      return owned.endAll(reason, async (id, settled) => {
        const result = await store.end(id, { reason: settled, note }, now);
        announcer.ended(result.ended);
        return result;
      });
    },

    async sweep() {
      await open();
      return life.sweep();
    },

    watch({ after = 'now', signal } = {}) {
      // Asked for at once, so that `now` is the moment of the call.
      const cursor = open().then(() => {
        if (after === 'start') return store.earliestCursor();
        return after === 'now' ? store.latestCursor() : after;
      });
      // The iteration reports it; one that is never iterated has nobody to tell.
      cursor.catch(() => {});
      return watchEvents({ store, after: cursor, signal, closed: life.closing });
    },

    exportSessions: (filter) => exportSessions(manager, checkOptions(exportSchema, filter ?? {})),

    async statistics(given) {
      const options = checkOptions(statisticsSchema, given);
      await open();
      return store.statistics(options, now());
    },

    async counts() {
      await open();
      return store.counts(now);
    },

    async integrityCheck() {
      await open();
      return store.integrityCheck();
    },

    close: () => life.close(),
    [Symbol.asyncDispose]: () => manager.close(),
  };
  return options.telemetry === undefined ? manager : instrumentManager(manager, name, options.telemetry);
}

function checkId(id: string): void {
  if (typeof id === 'string') return;
  throw new SessionError('INVALID_OPTIONS', 'id: must be the text of a session id', { path: 'id' });
}

function isList(given: NewEntry | readonly NewEntry[]): given is readonly NewEntry[] {
  return Array.isArray(given);
}
