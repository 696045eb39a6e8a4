import { api, type SessionView } from '../api.ts';
import { element } from '../elements/element.ts';
import { relativeTime } from '../elements/time.ts';
import { sessionPath } from '../router.ts';
import { stateBadge } from '../sessions/end-reason.ts';
import { agentName, projectName } from '../sessions/session-label.ts';

/** How a session is joined to others: one agent's own id can have many sessions, each going on from the one before. */
export interface Lineage {
  readonly parent: SessionView | undefined;
  readonly children: readonly SessionView[];
  /** All with the same id of the agent, oldest first, this one among them. */
  readonly chain: readonly SessionView[];
}

export async function loadLineage(session: SessionView): Promise<Lineage> {
  const { source, externalId } = session;
  const [parent, children, chain] = await Promise.all([
    findParent(session),
    api.children(session.id),
    source === null || externalId === null ? [session] : api.byExternalId(source, externalId),
  ]);
  return {
    parent,
    children,
    chain: chain.toSorted((left, right) => (left.startedAt < right.startedAt ? -1 : 1)),
  };
}

/** Imported before parents were kept: a sub-agent knows its session by the agent's own id. */
async function findParent(session: SessionView): Promise<SessionView | undefined> {
  if (session.parentId !== null) return await api.session(session.parentId);
  const externalId = session.metadata['parentExternalId'];
  if (session.source === null || typeof externalId !== 'string') return undefined;
  return (await api.byExternalId(session.source, externalId))[0];
}

/** A line of the sessions that go on from each other, with this one marked. */
export function chainList(session: SessionView, chain: readonly SessionView[]): HTMLElement | null {
  if (chain.length < 2) return null;
  return element(
    'nav',
    { class: 'part', 'aria-labelledby': 'chain-heading' },
    element(
      'h2',
      { id: 'chain-heading' },
      'Continuations ',
      element('span', { class: 'count' }, String(chain.length)),
    ),
    element(
      'ol',
      { class: 'chain' },
      ...chain.map((each) =>
        element(
          'li',
          {},
          element(
            'a',
            { href: sessionPath(each.id), 'aria-current': each.id === session.id ? 'page' : null },
            relativeTime(each.startedAt),
            ` · ${each.entryCount} entries `,
          ),
          stateBadge(each),
        ),
      ),
    ),
  );
}

export function sessionLink(session: SessionView): HTMLElement {
  return element('a', { href: sessionPath(session.id) }, `${projectName(session)}, ${agentName(session)}`);
}
