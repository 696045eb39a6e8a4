import { expect, test } from 'vitest';
import { createLazyLogger, type ServerLogger } from './server-logger.ts';

function recorded(): {
  readonly load: () => ServerLogger;
  readonly lines: unknown[][];
  readonly loads: () => number;
} {
  const lines: unknown[][] = [];
  let loads = 0;
  const line =
    (name: string) =>
    (...given: unknown[]): void =>
      void lines.push([name, ...given]);
  return {
    lines,
    loads: () => loads,
    load: () => {
      loads += 1;
      return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
    },
  };
}

test('nothing is loaded before there is something to say, and then once', () => {
  const { load, lines, loads } = recorded();
  const logger = createLazyLogger('warn', load);
  logger.debug('not said');
  logger.info({ a: 1 }, 'not said');
  expect(loads()).toBe(0);
  logger.warn('said');
  logger.error({ a: 1 }, 'said too');
  expect(lines).toEqual([
    ['warn', 'said'],
    ['error', { a: 1 }, 'said too'],
  ]);
  expect(loads()).toBe(1);
});

test('the level says what is written, down to nothing at all', () => {
  const all = recorded();
  createLazyLogger('trace', all.load).debug('said');
  expect(all.lines).toEqual([['debug', 'said']]);
  const none = recorded();
  createLazyLogger('silent', none.load).error('not said');
  createLazyLogger('fatal', none.load).error('not said');
  expect(none.loads()).toBe(0);
});
