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

it('keeps its order while it grows far and empties again, twice', () => {
  const heap = createDeadlineHeap();
  for (let round = 0; round < 2; round += 1) {
    const times = Array.from({ length: 1_000 }, (_, index) => (index * 7919) % 1_009);
    for (const at of times) heap.push({ at, id: `id ${at}` });
    const popped = Array.from({ length: times.length }, () => heap.pop());
    const sorted = times.toSorted((left, right) => left - right);
    assert.deepEqual(
      popped,
      sorted.map((at) => ({ at, id: `id ${at}` })),
    );
    assert.deepEqual([heap.size, heap.peek(), heap.pop()], [0, undefined, undefined]);
  }
});
