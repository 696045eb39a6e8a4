import assert from 'node:assert/strict';

import * as fc from 'fast-check';
import { it } from 'vitest';

import { createDeadlineHeap } from './deadline-heap.ts';

it('gives back items by time, whatever is pushed and popped in between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 1_000 }))), (steps) => {
      const heap = createDeadlineHeap();
      const model: number[] = [];
      for (const [index, at] of steps.entries()) {
        if (at === null) {
          model.sort((left, right) => left - right);
          assert.equal(heap.pop()?.at, model.shift());
        } else {
          heap.push({ at, id: String(index) });
          model.push(at);
        }
        assert.equal(heap.size, model.length);
        assert.equal(heap.peek()?.at, model.length === 0 ? undefined : Math.min(...model));
      }
    }),
  );
});
