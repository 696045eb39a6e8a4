import { expect, it } from 'vitest';

import { createSessionId } from './session-id.ts';

it('makes ids of the documented form that sort by time', () => {
  const times = [0, 1, 65_535, 65_536, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
  const ids = times.map(createSessionId);
  expect(ids).toStrictEqual(ids.toSorted());
  for (const [index, id] of ids.entries()) {
    expect(id).toMatch(/^ses_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.slice(4, 17).replace('-', ''), 16)).toBe(times[index]);
  }
  expect(new Set(Array.from({ length: 10_000 }, () => createSessionId(0))).size).toBe(10_000);
});
