/** Something to be looked at when its time has come. */
interface HeapItem {
  readonly at: number;
  readonly id: string;
}

/**
 * A 4-ary min-heap over `at`. It is lazy: an item is never moved or removed; whoever takes one
 * out checks whether it still holds.
 */
export interface DeadlineHeap {
  readonly size: number;
  peek(): HeapItem | undefined;
  push(item: HeapItem): void;
  pop(): HeapItem | undefined;
}

const arity = 4;
const firstCapacity = 64;

/** Two columns, so that an item costs 16 bytes and no object. */
export function createDeadlineHeap(): DeadlineHeap {
  let times = new Float64Array(firstCapacity);
  const ids: string[] = [];

  const timeAt = (index: number): number => times[index] ?? Infinity;
  const idAt = (index: number): string => ids[index] ?? '';
  const put = (index: number, at: number, id: string): void => {
    times[index] = at;
    ids[index] = id;
  };
  const resize = (capacity: number): void => {
    const resized = new Float64Array(capacity);
    resized.set(times.subarray(0, ids.length));
    times = resized;
  };
  const peek = (): HeapItem | undefined => (ids.length === 0 ? undefined : { at: timeAt(0), id: idAt(0) });

  const rise = (at: number, id: string): void => {
    let index = ids.length;
    if (index === times.length) resize(Math.ceil(index * 1.5));
    while (index > 0) {
      const parent = Math.floor((index - 1) / arity);
      if (timeAt(parent) <= at) break;
      put(index, timeAt(parent), idAt(parent));
      index = parent;
    }
    put(index, at, id);
  };

  const sink = (at: number, id: string): void => {
    const { length } = ids;
    let index = 0;
    for (;;) {
      const first = index * arity + 1;
      let smallest = -1;
      let smallestAt = at;
      for (let child = first; child < Math.min(first + arity, length); child += 1) {
        if (timeAt(child) < smallestAt) {
          smallest = child;
          smallestAt = timeAt(child);
        }
      }
      if (smallest < 0) break;
      put(index, smallestAt, idAt(smallest));
      index = smallest;
    }
    put(index, at, id);
  };

  return {
    get size() {
      return ids.length;
    },
    peek,
    push: ({ at, id }) => rise(at, id),
    pop() {
      const top = peek();
      const at = timeAt(ids.length - 1);
      const id = ids.pop();
      if (id !== undefined && ids.length > 0) sink(at, id);
      // What a burst has needed is given back.
      if (times.length > firstCapacity && ids.length < times.length / 4) resize(Math.ceil(times.length / 2));
      return top;
    },
  };
}
