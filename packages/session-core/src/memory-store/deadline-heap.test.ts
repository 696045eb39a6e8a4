import fc from 'fast-check';
import { expect, it } from 'vitest';

import { createDeadlineHeap } from './deadline-heap.ts';

it('gives back items by time, whatever is pushed and popped in between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 1_000 }))), (steps) => {
      const heap = createDeadlineHeap();
      const model: number[] = [];
      for (const [index, at] of steps.entries()) {
        if (at === null) {
          model.sort((left, right) => left - right);
          expect(heap.pop()?.at).toBe(model.shift());
        } else {
          heap.push({ at, id: String(index) });
          model.push(at);
        }
        expect(heap.size).toBe(model.length);
        expect(heap.peek()?.at).toBe(model.length === 0 ? undefined : Math.min(...model));
      }
    }),
  );
});
