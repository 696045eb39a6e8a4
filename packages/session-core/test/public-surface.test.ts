import { expect, expectTypeOf, it } from 'vitest';
import type { Logger as PinoLogger } from 'pino';

import * as core from '../src/index.ts';
import * as sqlite from '../src/sqlite-store/index.ts';
import * as testing from '../src/testing/index.ts';
import type {
  EndReason,
  Logger,
  NewEntry,
  SessionError,
  SessionManager,
  StartOptions,
} from '../src/index.ts';

it('exports exactly this', () => {
  expect(Object.keys(core).toSorted()).toStrictEqual([
    'CALLER_END_REASONS',
    'END_REASONS',
    'REDACTION_KINDS',
    'SESSION_ERROR_CODES',
    'SESSION_EVENT_TYPES',
    'SessionError',
    'createRedactor',
    'createSessionManager',
    'isSessionError',
    'memoryStore',
    'projectOf',
    'resolveDatabasePath',
    'settleEndReason',
    'sqliteStore',
    'systemClock',
  ]);
  expect(Object.keys(sqlite)).toStrictEqual(['openComponent']);
  expect(Object.keys(testing).toSorted()).toStrictEqual(['fakeClock', 'simulate', 'storeContract']);
});

it('has exactly these codes and reasons, on which callers branch', () => {
  expect(core.SESSION_ERROR_CODES).toStrictEqual([
    'SESSION_NOT_FOUND',
    'SESSION_ENDED',
    'SESSION_ACTIVE',
    'EXTERNAL_ID_IN_USE',
    'INVALID_OPTIONS',
    'INVALID_ENTRY',
    'IDEMPOTENCY_CONFLICT',
    'CREATION_DURING_CLEANUP',
    'SESSION_QUOTA',
    'SESSION_RATE',
    'CURSOR_EXPIRED',
    'MANAGER_CLOSED',
    'STORE_CLOSED',
    'STORE_SCHEMA_TOO_NEW',
    'STORE_NOT_A_DATABASE',
    'STORE_FOREIGN_DATABASE',
    'STORE_CORRUPT',
    'STORE_UNREADABLE',
    'STORE_NETWORK_FILE_SYSTEM',
    'STORE_READ_ONLY',
    'STORE_BUSY',
    'STORE_FULL',
    'STORE_SQLITE_TOO_OLD',
    'STORE_FAILED',
  ]);
  expect(core.END_REASONS).toStrictEqual([
    'completed',
    'client_disconnected',
    'owner_died',
    'idle_timeout',
    'max_lifetime',
    'terminated',
    'parent_ended',
    'shutdown',
    'superseded',
    'imported',
  ]);
});

it('knows its errors, also those of another copy of the package', () => {
  const error = new core.SessionError('SESSION_ENDED', 'over', { reason: 'completed', cause: 1 });
  expect(core.isSessionError(error)).toBe(true);
  expect(error).toMatchObject({ code: 'SESSION_ENDED', reason: 'completed', cause: 1, name: 'SessionError' });
  expect(core.isSessionError({ [Symbol.for('@endwell/session-core/error')]: true })).toBe(true);
  for (const other of [new Error('SESSION_ENDED'), { code: 'SESSION_ENDED' }, null, 'SESSION_ENDED']) {
    expect(core.isSessionError(other)).toBe(false);
  }
});

it('resolves the one database from the environment, and creates nothing', () => {
  const { resolveDatabasePath } = core;
  expect(resolveDatabasePath({ ENDWELL_HOME: '/data', HOME: '/home/a' })).toBe('/data/endwell.db');
  expect(resolveDatabasePath({ XDG_STATE_HOME: '/state', HOME: '/home/a' })).toBe(
    '/state/endwell/endwell.db',
  );
  expect(resolveDatabasePath({ ENDWELL_HOME: '', XDG_STATE_HOME: 'relative', HOME: '/home/a' })).toBe(
    '/home/a/.local/state/endwell/endwell.db',
  );
  expect(() => resolveDatabasePath({ ENDWELL_HOME: 'relative' })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', path: 'ENDWELL_HOME' }),
  );
});

it('types what it takes and gives', () => {
  expectTypeOf<PinoLogger>().toExtend<Logger>();
  expectTypeOf<SessionError['reason']>().toEqualTypeOf<EndReason | undefined>();
  expectTypeOf<Parameters<SessionManager['record']>[1]>().toEqualTypeOf<NewEntry | readonly NewEntry[]>();
  expectTypeOf<StartOptions>().not.toHaveProperty('continues');

  // Compiled, never run: each line must be refused by the compiler.
  const wrong = (manager: SessionManager): unknown[] => [
    // @ts-expect-error a reason that only the store gives
    manager.end('id', { reason: 'idle_timeout' }),
    // @ts-expect-error a misspelled reason
    manager.endOwned({ reason: 'shut_down' }),
    // @ts-expect-error no kind
    manager.start({ project: 'p' }),
    // @ts-expect-error an entry has a type
    manager.record('id', { text: 'x' }),
    // @ts-expect-error there is no such event
    manager.events.on('session:resurrected', () => {}),
    // @ts-expect-error a session is ended by `end`, not by a change
    manager.get('id').then((session) => (session.state = 'ended')),
  ];
  expectTypeOf(wrong).toBeFunction();
});
