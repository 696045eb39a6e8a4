import { api, ApiError, type EntryView, type SessionView } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeError } from '../elements/notice.ts';
import { timeline } from '../timeline/timeline.ts';
import type { View } from '../view.ts';
import { forgetEntry, forgetSession } from './forget.ts';
import { chainList, loadLineage } from './lineage.ts';
import { sessionHead } from './session-head.ts';

/** One session: what it was, how it ended, and all that it did; at one entry where the route names one. */
export function sessionView(id: string, sequence: number | null): View {
  const head = element('div', {});
  const chain = element('div', {});
  const journal = timeline({
    sessionId: id,
    sequence,
    onForget: (entry) => void forgetOne(entry).catch(describeError),
  });
  const root = element(
    'div',
    { class: 'page detail' },
    element('a', { class: 'back', href: '#/' }, '← All sessions'),
    head,
    chain,
    journal.root,
  );

  async function forgetOne(entry: EntryView): Promise<void> {
    if (await forgetEntry(entry)) await journal.renew([entry.sequence]);
  }
  const showGone = (): void => {
    journal.root.remove();
    chain.replaceChildren();
    head.replaceChildren(
      element('h1', {}, 'There is no such session'),
      element('p', { class: 'quiet' }, `${id} was never here, or it has been forgotten.`),
    );
  };
  const showHead = async (): Promise<SessionView | undefined> => {
    let session: SessionView;
    try {
      session = await api.session(id);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'SESSION_NOT_FOUND') throw error;
      showGone();
      return undefined;
    }
    const [lineage, usage] = await Promise.all([loadLineage(session), api.usage('model', { sessionId: id })]);
    const forget = async (): Promise<void> => {
      if (await forgetSession(session)) location.hash = '#/';
    };
    head.replaceChildren(
      sessionHead({
        session,
        lineage,
        usage,
        onForget: () => void forget().catch(describeError),
      }),
    );
    chain.replaceChildren(...[chainList(session, lineage.chain)].filter((list) => list !== null));
    return session;
  };
  const refresh = async (): Promise<void> => {
    const session = await showHead();
    if (session !== undefined) await journal.loadNew(session.entryCount);
  };
  return {
    root,
    title: 'Session',
    refresh,
    update: async (ids) => {
      if (ids.has(id)) await refresh();
    },
    forget: async (ids) => {
      if (ids.has(id)) showGone();
    },
    forgetEntries: (entries) =>
      journal.renew(entries.filter(({ sessionId }) => sessionId === id).map((place) => place.sequence)),
  };
}
