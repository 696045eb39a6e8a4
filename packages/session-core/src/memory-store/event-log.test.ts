import { expect, it } from 'vitest';

import type { SessionEvent } from '../session/session-event.ts';
import { createEventLog } from './event-log.ts';

const events: SessionEvent[] = [
  { cursor: '1', type: 'session:started', sessionId: 'a', revision: 1, reason: null, sequence: null, at: 10 },
  { cursor: '2', type: 'session:recorded', sessionId: 'a', revision: 1, reason: null, sequence: 3, at: 11 },
  {
    cursor: '3',
    type: 'session:ended',
    sessionId: 'a',
    revision: 2,
    reason: 'completed',
    sequence: null,
    at: 12,
  },
  { cursor: '5', type: 'session:purged', sessionId: 'a', revision: 2, reason: null, sequence: null, at: 13 },
];

it('gives back what was appended, from a cursor on, with the gaps that a purge leaves', () => {
  const log = createEventLog();
  for (const { cursor, ...event } of events) log.append(Number(cursor), event);
  expect(log.after(0, Infinity)).toStrictEqual(events);
  expect(log.after(0, 2)).toStrictEqual(events.slice(0, 2));
  expect(log.after(1, 2)).toStrictEqual(events.slice(1, 3));
  expect(log.after(3, 9)).toStrictEqual(events.slice(3));
  expect(log.after(4, 9)).toStrictEqual(events.slice(3));
  expect(log.after(5, 9)).toStrictEqual([]);
  log.remove((event) => event.type !== 'session:purged' && Number(event.cursor) > 1);
  expect(log.after(0, Infinity)).toStrictEqual([events[0], events[3]]);
});
