import { describe, expect, it } from 'vitest';

import { createPace } from './pace.ts';

describe('the pace of ends', () => {
  it('is free until a suspend, and then at most the cap a second', () => {
    const pace = createPace(10);
    expect(pace.reserve(100, 0)).toBe(100);
    pace.begin();
    expect([pace.reserve(8, 2_000), pace.reserve(8, 2_500), pace.reserve(8, 2_999)]).toStrictEqual([8, 2, 0]);
    expect(pace.nextAt()).toBe(3_000);
    expect(pace.reserve(8, 3_000)).toBe(8);
  });

  it('counts what was ended, not what was asked for', () => {
    const pace = createPace(10);
    pace.begin();
    pace.settle(pace.reserve(10, 0), 3);
    expect(pace.reserve(10, 1)).toBe(7);
  });

  it('is free again when the backlog is done', () => {
    const pace = createPace(10);
    pace.begin();
    pace.rest(pace.backlog);
    expect(pace.reserve(100, 0)).toBe(100);
  });

  it('stays when another suspend came while the sweep of the one before was under way', () => {
    const pace = createPace(10);
    const { backlog } = pace;
    pace.begin();
    pace.rest(backlog);
    expect(pace.reserve(100, 0)).toBe(10);
  });
});
