import { api, ApiError, type SessionView } from './api.ts';
import { element } from './element.ts';
import { stateBadge, endReasons } from './end-reason.ts';
import { agentName, projectName } from './session-label.ts';
import { describeDuration, exactTime, relativeTime } from './time.ts';
import { timeline } from './timeline.ts';
import type { View } from './view.ts';

/** One session: what it was, how it ended, and all that it did. */
export function sessionView(id: string): View {
  const head = element('div', {});
  const journal = timeline(id);
  const root = element(
    'div',
    { class: 'page detail' },
    element('a', { class: 'back', href: '#/' }, '← All sessions'),
    head,
    journal.root,
  );
  const showHead = async (): Promise<SessionView | undefined> => {
    let session: SessionView;
    try {
      session = await api.session(id);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'SESSION_NOT_FOUND') throw error;
      head.replaceChildren(
        element('h1', {}, 'There is no such session'),
        element('p', { class: 'quiet' }, id),
      );
      return undefined;
    }
    const [children, parent] = await Promise.all([api.children(id), findParent(session)]);
    head.replaceChildren(sessionHead(session, children, parent));
    return session;
  };
  return {
    root,
    title: 'Session',
    refresh: async () => {
      if ((await showHead()) !== undefined) await journal.loadNew();
    },
    update: async (ids) => {
      if (!ids.has(id)) return;
      await Promise.all([showHead(), journal.loadNew()]);
    },
  };
}

/** A sub-agent that was imported knows its session by the agent's own id. */
async function findParent(session: SessionView): Promise<SessionView | undefined> {
  if (session.parentId !== null) return await api.session(session.parentId);
  const externalId = session.metadata['parentExternalId'];
  if (session.source === null || typeof externalId !== 'string') return undefined;
  return (await api.byExternalId(session.source, externalId))[0];
}

function sessionHead(
  session: SessionView,
  children: readonly SessionView[],
  parent: SessionView | undefined,
): HTMLElement {
  const facts = element('dl', { class: 'facts' });
  const fact = (name: string, ...value: (Node | string | null)[]): void => {
    if (value.some((part) => part !== null)) {
      facts.append(element('div', {}, element('dt', {}, name), element('dd', {}, ...value)));
    }
  };
  const metadata = (name: string): string | null => {
    const value = session.metadata[name];
    return typeof value === 'string' ? value : null;
  };
  fact('Started', exactTime(session.startedAt), ' · ', relativeTime(session.startedAt));
  if (session.endedAt === null) {
    fact('Last activity', exactTime(session.lastActiveAt), ' · ', relativeTime(session.lastActiveAt));
    fact('Ends at the latest', exactTime(session.expiresAt), ', unless there is activity');
  } else {
    fact('Ended', exactTime(session.endedAt), ' · ', relativeTime(session.endedAt));
    fact('Duration', describeDuration(Date.parse(session.endedAt) - Date.parse(session.startedAt)));
  }
  fact('Note', session.endNote);
  fact('Project', session.project);
  fact('User', session.user);
  fact('Model', metadata('model'));
  fact('Branch', metadata('gitBranch'));
  fact(
    'Owner',
    session.owner === null
      ? null
      : `${session.owner.host}, process ${session.owner.identity.split(':').at(-2)}`,
  );
  fact('Part of', parent === undefined ? null : sessionLink(parent));
  fact(
    'Continues',
    session.continues === null
      ? null
      : element('a', { href: sessionPath(session.continues) }, session.continues),
  );
  if (children.length > 0) {
    fact('Sub-agents', element('ul', {}, ...children.map((child) => element('li', {}, sessionLink(child)))));
  }
  fact('Session', element('code', {}, session.id));
  fact(
    `Id in ${session.source ?? 'its program'}`,
    session.externalId === null ? null : element('code', {}, session.externalId),
  );
  const meaning = session.endReason === null ? null : endReasons[session.endReason].meaning;
  return element(
    'header',
    { class: 'detail-head' },
    element(
      'div',
      { class: 'detail-title' },
      element('h1', { title: session.project }, projectName(session)),
      stateBadge(session),
    ),
    element('p', { class: 'quiet' }, agentName(session), meaning === null ? '' : ` · ${meaning}`),
    facts,
  );
}

function sessionLink(session: SessionView): HTMLElement {
  return element('a', { href: sessionPath(session.id) }, `${projectName(session)}, ${agentName(session)}`);
}

function sessionPath(id: string): string {
  return `#/sessions/${encodeURIComponent(id)}`;
}
