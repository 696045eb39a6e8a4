import { api, type EntryView } from './api.ts';
import { element } from './element.ts';
import { timelineEntry, showToolResult, toolUseId, isToolResult } from './timeline-entry.ts';
import { describeError } from './notice.ts';

const PAGE_SIZE = 200;

const filters = [
  ['all', 'Everything'],
  ['message', 'Messages'],
  ['action', 'Actions'],
] as const;

export interface Timeline {
  readonly root: HTMLElement;
  /** Loads what has come since: the first page at first, later what is new at the end. */
  loadNew(): Promise<void>;
}

/** A session's journal, oldest first, a page at a time. A tool's result is shown with the call that it answers. */
export function timeline(sessionId: string): Timeline {
  const list = element('ol', { class: 'timeline', 'data-filter': 'all' });
  const empty = element(
    'p',
    { class: 'empty', hidden: '' },
    'Nothing has been recorded in this session yet.',
  );
  const more = element('button', { type: 'button', class: 'button', hidden: '' }, 'Load more');
  const root = element(
    'section',
    { class: 'part', 'aria-labelledby': 'journal-heading' },
    element(
      'div',
      { class: 'part-head' },
      element('h2', { id: 'journal-heading' }, 'What it did'),
      filterButtons(list),
    ),
    empty,
    list,
    more,
  );
  const calls = new Map<string, HTMLElement>();
  let lastSequence = 0;
  let hasMore = false;
  // Loads follow each other, so that no entry is appended twice.
  let loading: Promise<void> = Promise.resolve();

  const append = (entry: EntryView): void => {
    lastSequence = entry.sequence;
    const id = toolUseId(entry);
    const call = id === undefined ? undefined : calls.get(id);
    if (isToolResult(entry) && call !== undefined) {
      showToolResult(call, entry);
      return;
    }
    const item = timelineEntry(entry);
    if (id !== undefined) calls.set(id, item);
    list.append(item);
  };
  const load = async (): Promise<void> => {
    const { entries, nextAfter } = await api.entries(sessionId, lastSequence, PAGE_SIZE);
    for (const entry of entries) append(entry);
    hasMore = nextAfter !== null;
    more.hidden = !hasMore;
    empty.hidden = lastSequence > 0;
  };
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    loading = loading.catch(() => {}).then(work);
    return loading;
  };
  more.addEventListener('click', () => void enqueue(load).catch(describeError));
  return {
    root,
    // Somebody who reads the first page of many is not moved along by what comes in at the end.
    loadNew: () => enqueue(async () => (hasMore ? undefined : load())),
  };
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
