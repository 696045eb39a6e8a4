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

export function createDeadlineHeap(): DeadlineHeap {
  const items: HeapItem[] = [];

  const rise = (item: HeapItem, from: number): void => {
    let index = from;
    while (index > 0) {
      const parentIndex = Math.floor((index - 1) / arity);
      const parent = items[parentIndex];
      if (parent === undefined || parent.at <= item.at) break;
      items[index] = parent;
      index = parentIndex;
    }
    items[index] = item;
  };

  const sink = (item: HeapItem): void => {
    let index = 0;
    for (;;) {
      const first = index * arity + 1;
      let smallest = -1;
      let smallestItem = item;
      for (let child = first; child < Math.min(first + arity, items.length); child += 1) {
        const candidate = items[child];
        if (candidate !== undefined && candidate.at < smallestItem.at) {
          smallest = child;
          smallestItem = candidate;
        }
      }
      if (smallest < 0) break;
      items[index] = smallestItem;
      index = smallest;
    }
    items[index] = item;
  };

  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    push: (item) => rise(item, items.length),
    pop() {
      const top = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) sink(last);
      return top;
    },
  };
}
