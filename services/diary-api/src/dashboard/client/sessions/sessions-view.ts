import { api, type SessionView } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeError } from '../elements/notice.ts';
import { sessionRow } from './session-row.ts';
import { statsView } from './stats-view.ts';
import type { View } from '../view.ts';

const LIVE_LIMIT = 500;
const PAGE_SIZE = 50;

/** The first page: what is live and what has ended, kept apart. */
export function sessionsView(): View {
  const summary = element('div', {});
  const live = sessionTable(
    'live',
    'Live',
    'Nothing is running. A session appears here as soon as an agent starts one.',
  );
  const ended = sessionTable('ended', 'Ended', 'No session has ended yet.');
  const more = element('button', { type: 'button', class: 'button', hidden: '' }, 'Show older sessions');
  ended.root.append(more);
  const root = element(
    'div',
    { class: 'page' },
    element('h1', { class: 'visually-hidden' }, 'Sessions'),
    summary,
    live.root,
    ended.root,
  );
  let nextCursor: string | null = null;

  const setNextCursor = (cursor: string | null): void => {
    nextCursor = cursor;
    more.hidden = cursor === null;
  };
  const refreshStats = async (): Promise<void> => {
    const stats = await api.stats();
    summary.replaceChildren(statsView(stats));
    live.setCount(stats.active);
    ended.setCount(stats.ended);
  };
  const refresh = async (): Promise<void> => {
    const [active, past] = await Promise.all([
      api.sessions('active', LIVE_LIMIT),
      api.sessions('ended', PAGE_SIZE),
      refreshStats(),
    ]);
    live.replace(active.sessions);
    ended.replace(past.sessions);
    setNextCursor(past.nextCursor);
  };
  const update = async (ids: ReadonlySet<string>): Promise<void> => {
    const [sessions] = await Promise.all([
      Promise.all([...ids].map((id) => api.session(id))),
      refreshStats(),
    ]);
    for (const session of sessions) {
      if (session.state === 'ended') live.remove(session.id);
      (session.state === 'active' ? live : ended).place(session, { highlight: true });
    }
  };
  const showOlder = async (): Promise<void> => {
    more.disabled = true;
    try {
      const page = await api.sessions('ended', PAGE_SIZE, nextCursor);
      for (const session of page.sessions) ended.place(session, { highlight: false });
      setNextCursor(page.nextCursor);
    } catch (error) {
      describeError(error);
    } finally {
      more.disabled = false;
    }
  };
  more.addEventListener('click', () => void showOlder());
  const forget = async (ids: ReadonlySet<string>): Promise<void> => {
    for (const id of ids) {
      live.remove(id);
      ended.remove(id);
    }
    await refreshStats();
  };
  return { root, title: 'Sessions', refresh, update, forget };
}

interface SessionTable {
  readonly root: HTMLElement;
  replace(sessions: readonly SessionView[]): void;
  /** Adds the session or renews its row, in the order newest first. */
  place(session: SessionView, options: { readonly highlight: boolean }): void;
  remove(id: string): void;
  setCount(count: number): void;
}

function sessionTable(name: 'live' | 'ended', heading: string, whenEmpty: string): SessionTable {
  const count = element('span', { class: 'count' });
  const body = element('tbody', {});
  const empty = element('p', { class: 'empty' }, whenEmpty);
  const columns = [
    'Project',
    'Agent',
    'Started',
    'Last activity',
    'Entries',
    name === 'live' ? 'State' : 'End',
  ];
  const table = element(
    'table',
    { class: 'sessions' },
    element('caption', { class: 'visually-hidden' }, `${heading} sessions`),
    element(
      'thead',
      {},
      element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column))),
    ),
    body,
  );
  const root = element(
    'section',
    { class: 'part', id: `${name}-sessions`, 'aria-labelledby': `${name}-heading` },
    element('h2', { id: `${name}-heading` }, heading, ' ', count),
    empty,
    table,
  );
  const rows = (): HTMLTableRowElement[] => [...body.rows];
  const find = (id: string): HTMLTableRowElement | undefined =>
    rows().find((row) => row.dataset['sessionId'] === id);
  const settle = (): void => {
    const isEmpty = body.rows.length === 0;
    empty.hidden = !isEmpty;
    table.hidden = isEmpty;
  };
  settle();
  return {
    root,
    setCount: (value) => {
      count.textContent = String(value);
    },
    replace: (sessions) => {
      body.replaceChildren(...sessions.map((session) => sessionRow(session)));
      settle();
    },
    place: (session, { highlight }) => {
      const row = sessionRow(session);
      const before = find(session.id);
      if (before !== undefined) {
        const hadFocus = before.contains(document.activeElement);
        before.replaceWith(row);
        if (hadFocus) row.querySelector('a')?.focus();
      } else {
        const next = rows().find((other) => (other.dataset['startedAt'] ?? '') < session.startedAt);
        body.insertBefore(row, next ?? null);
        if (highlight) row.classList.add('is-new');
      }
      settle();
    },
    remove: (id) => {
      find(id)?.remove();
      settle();
    },
  };
}
