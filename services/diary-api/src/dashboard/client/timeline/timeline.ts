import { api, type EntryView } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeError } from '../elements/notice.ts';
import {
  isToolResult,
  resultsOf,
  showToolResult,
  takeToolResult,
  timelineEntry,
  toolUseId,
} from './timeline-entry.ts';

const PAGE_SIZE = 200;
/** More would make each change of the page slow: what is far from what can be seen is taken out again. */
const MAX_SHOWN = 600;
/** How far ahead of what can be seen the next page is asked for. */
const AHEAD = '1200px';

const filters = [
  ['all', 'Everything'],
  ['message', 'Messages'],
  ['action', 'Actions'],
] as const;

export interface TimelineOptions {
  readonly sessionId: string;
  /** Starts there, not at the beginning. */
  readonly sequence: number | null;
  readonly onForget: (entry: EntryView) => void;
}

export interface Timeline {
  readonly root: HTMLElement;
  /** Loads what has come since: the first page at first, later what is new at the end. */
  loadNew(entryCount: number): Promise<void>;
  /** Shows these entries as they are now, where they are shown. */
  renew(sequences: readonly number[]): Promise<void>;
}

/**
 * A session's journal, oldest first. Sequence numbers have no gaps, so that any page can be loaded: the list
 * is one run of them, which grows at both edges as somebody scrolls there.
 *
 * A tool's result is shown with the call that it answers.
 */
export function timeline({ sessionId, sequence, onForget }: TimelineOptions): Timeline {
  const list = element('ol', { class: 'timeline', 'data-filter': 'all' });
  const empty = element(
    'p',
    { class: 'empty', hidden: '' },
    'Nothing has been recorded in this session yet.',
  );
  const earlier = element('button', { type: 'button', class: 'button', hidden: '' }, 'Load earlier entries');
  const later = element('button', { type: 'button', class: 'button', hidden: '' }, 'Load more');
  const toStart = element('button', { type: 'button', class: 'button', hidden: '' }, 'First entry');
  const toEnd = element('button', { type: 'button', class: 'button', hidden: '' }, 'Last entry');
  const root = element(
    'section',
    { class: 'part', 'aria-labelledby': 'journal-heading' },
    element(
      'div',
      { class: 'part-head' },
      element('h2', { id: 'journal-heading' }, 'What it did'),
      element('div', { class: 'part-tools' }, toStart, toEnd, filterButtons(list)),
    ),
    empty,
    earlier,
    list,
    later,
  );
  const calls = new Map<string, HTMLElement>();
  const takenOut = new WeakSet<HTMLElement>();
  /** What is loaded: from, exclusive, to, inclusive. */
  let before = Math.max(0, (sequence ?? 1) - 1 - 20);
  let last = before;
  let total = 0;
  /** Loads follow each other, so that no entry is there twice. */
  let loading: Promise<void> = Promise.resolve();

  const build = (entry: EntryView): HTMLElement | undefined => {
    const id = toolUseId(entry);
    const call = id === undefined ? undefined : calls.get(id);
    if (isToolResult(entry) && call !== undefined && !takenOut.has(call)) {
      showToolResult(call, entry);
      return undefined;
    }
    const item = timelineEntry(entry, onForget);
    if (id !== undefined) calls.set(id, item);
    return item;
  };
  const showEdges = (): void => {
    earlier.hidden = before === 0;
    later.hidden = last >= total;
    toStart.hidden = before === 0;
    toEnd.hidden = last >= total;
    empty.hidden = total > 0;
  };
  const takeOut = (items: readonly HTMLElement[]): void => {
    for (const item of items) {
      takenOut.add(item);
      item.remove();
    }
  };
  const shown = (): HTMLElement[] => [...list.children].filter((child) => child instanceof HTMLElement);
  const loadLater = async (): Promise<void> => {
    const { entries } = await api.entries(sessionId, last, PAGE_SIZE);
    last = entries.at(-1)?.sequence ?? last;
    total = Math.max(total, last);
    list.append(...entries.map(build).filter((item) => item !== undefined));
    const items = shown();
    takeOut(items.slice(0, -MAX_SHOWN));
    const first = items.at(-MAX_SHOWN);
    if (first !== undefined) before = sequenceOf(first) - 1;
    showEdges();
  };
  const loadEarlier = async (): Promise<void> => {
    const after = Math.max(0, before - PAGE_SIZE);
    const { entries } = await api.entries(sessionId, after, before - after);
    before = after;
    const top = list.firstElementChild;
    const at = top?.getBoundingClientRect().top ?? 0;
    list.prepend(...entries.map(build).filter((item) => item !== undefined));
    takeOut(shown().slice(MAX_SHOWN));
    last = sequenceOf(list.lastElementChild as HTMLElement);
    showEdges();
    // What somebody reads stays where it is; most browsers see to that themselves.
    if (!CSS.supports('overflow-anchor', 'auto') && top !== null)
      scrollBy(0, top.getBoundingClientRect().top - at);
  };
  const place = (item: HTMLElement): void => {
    const next = shown().find((other) => sequenceOf(other) > sequenceOf(item));
    list.insertBefore(item, next ?? null);
  };
  /** What a call showed of its results is in their own places without it. */
  const renewOne = async (sequence: number): Promise<void> => {
    if (sequence <= before || sequence > last) return;
    const { entries } = await api.entries(sessionId, sequence - 1, 1);
    const [entry] = entries;
    const old = list.querySelector<HTMLElement>(`[data-sequence="${sequence}"]`);
    const call = list.querySelector<HTMLElement>(`[data-results~="${sequence}"]`);
    if (call !== null) takeToolResult(call, sequence);
    if (old !== null) takeOut([old]);
    const item = entry?.sequence === sequence ? build(entry) : undefined;
    if (item !== undefined) place(item);
    for (const result of old === null ? [] : resultsOf(old)) await renewOne(result);
  };
  const restartAfter = (after: number): void => {
    before = after;
    last = after;
    calls.clear();
    list.replaceChildren();
  };
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    loading = loading.catch(() => {}).then(work);
    return loading;
  };
  const onClick = (button: HTMLElement, work: () => Promise<void>): void => {
    button.addEventListener('click', () => void enqueue(work).catch(describeError));
  };
  onClick(earlier, loadEarlier);
  onClick(later, loadLater);
  onClick(toStart, async () => {
    restartAfter(0);
    await loadLater();
    list.querySelector('.entry')?.scrollIntoView({ block: 'center' });
  });
  onClick(toEnd, async () => {
    restartAfter(Math.max(0, total - PAGE_SIZE));
    await loadLater();
    list.querySelector('.entry:last-child')?.scrollIntoView({ block: 'end' });
  });
  // The buttons stay for the keyboard; whoever scrolls does not need them.
  const nearEdge = new IntersectionObserver(
    (edges) => {
      for (const { isIntersecting, target } of edges) {
        if (!isIntersecting || list.childElementCount === 0) continue;
        const load = async (): Promise<void> => {
          await (target === later ? loadLater() : loadEarlier());
          // An edge that is still near has not crossed anything, and would not be heard of again.
          nearEdge.unobserve(target);
          nearEdge.observe(target);
        };
        void enqueue(load).catch(describeError);
      }
    },
    { rootMargin: `${AHEAD} 0px` },
  );
  nearEdge.observe(later);
  nearEdge.observe(earlier);

  let arrived = sequence === null;
  return {
    root,
    // Somebody who reads the first page of many is not moved along by what comes in at the end.
    loadNew: (entryCount) =>
      enqueue(async () => {
        const atEnd = last >= total;
        total = entryCount;
        if (atEnd && last < total) await loadLater();
        showEdges();
        if (arrived) return;
        arrived = true;
        const target =
          list.querySelector<HTMLElement>(`[data-sequence="${sequence}"]`) ??
          list.querySelector<HTMLElement>(`[data-results~="${sequence}"]`);
        target?.classList.add('is-found');
        target?.querySelectorAll('details').forEach((details) => (details.open = true));
        target?.scrollIntoView({ block: 'center' });
        target?.focus({ preventScroll: true });
      }),
    renew: (sequences) =>
      enqueue(async () => {
        for (const sequence of sequences) await renewOne(sequence);
        showEdges();
      }),
  };
}

function sequenceOf(item: HTMLElement): number {
  return Number(item.dataset['sequence']);
}

function filterButtons(list: HTMLElement): HTMLElement {
  const group = element('div', { class: 'filters', role: 'group', 'aria-label': 'Show' });
  for (const [name, label] of filters) {
    const button = element('button', { type: 'button', 'aria-pressed': String(name === 'all') }, label);
    button.addEventListener('click', () => {
      list.dataset['filter'] = name;
      for (const other of group.children) other.setAttribute('aria-pressed', String(other === button));
    });
    group.append(button);
  }
  return group;
}
