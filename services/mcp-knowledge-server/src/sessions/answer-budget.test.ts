import { array, assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { fitIntoBudget } from './answer-budget.ts';

test('the first items, as many as fit, and one at least', () => {
  assert(
    property(array(string({ maxLength: 200 }), { maxLength: 30 }), (items) => {
      const fitting = fitIntoBudget(items, 500);
      expect(fitting).toEqual(items.slice(0, fitting.length));
      expect(fitting.length).toBeGreaterThanOrEqual(Math.min(1, items.length));
      const bytes = Buffer.byteLength(JSON.stringify(fitting));
      expect(fitting.length <= 1 || bytes <= 501).toBe(true);
    }),
  );
});
