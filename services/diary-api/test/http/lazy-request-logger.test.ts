import { pino } from 'pino';
import { expect, test } from 'vitest';
import { lazyRequestLogger } from '../../src/http/request-log/lazy-request-logger.ts';
import { nameSessionInLog } from '../../src/http/request-log/name-session-in-log.ts';

function loggerOf(level: string): {
  readonly lines: Record<string, unknown>[];
  readonly log: ReturnType<typeof lazyRequestLogger>;
} {
  const lines: Record<string, unknown>[] = [];
  const parent = pino(
    { level, base: null, timestamp: false },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const options = { serializers: { code: (code: string) => `<${code}>` } };
  return { lines, log: lazyRequestLogger({ parent, bindings: { reqId: 'a' }, options }) };
}

test('a line says which request and, once it is known, which session it is about', () => {
  const { lines, log } = loggerOf('warn');
  log.info('not asked for');
  log.warn('first');
  nameSessionInLog({ log } as never, 'ses_1');
  log.error({ code: 'X' }, 'second');
  log.child({ part: 'events' }).fatal('third');
  expect(lines).toEqual([
    { level: 40, reqId: 'a', msg: 'first' },
    { level: 50, reqId: 'a', sessionId: 'ses_1', code: '<X>', msg: 'second' },
    { level: 60, reqId: 'a', sessionId: 'ses_1', part: 'events', msg: 'third' },
  ]);
});

test.for(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)(
  '%s is heard from its own level on',
  (level) => {
    const heard = loggerOf(level);
    heard.log[level]('here');
    expect(heard.lines.map(({ msg }) => msg)).toEqual(['here']);
    expect(heard.log.level).toBe(level);
    const silent = loggerOf('silent');
    silent.log[level]('here');
    expect(silent.lines).toEqual([]);
  },
);
