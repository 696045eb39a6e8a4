import { api, type Usage, type SessionView } from '../api.ts';
import { formatCost, formatTokens } from '../charts/usage-charts.ts';
import { element } from '../elements/element.ts';
import { describeDuration, exactTime, relativeTime } from '../elements/time.ts';
import { endReasons, stateBadge } from '../sessions/end-reason.ts';
import { agentName, projectName } from '../sessions/session-label.ts';
import { sessionPath } from '../router.ts';
import { sessionLink, type Lineage } from './lineage.ts';

export interface SessionHeadOptions {
  readonly session: SessionView;
  readonly lineage: Lineage;
  readonly usage: Usage;
  readonly onForget: () => void;
}

/** What the session was and how it ended, what it is joined to, and what can be done with it. */
export function sessionHead({ session, lineage, usage, onForget }: SessionHeadOptions): HTMLElement {
  const meaning = session.endReason === null ? null : endReasons[session.endReason].meaning;
  const { title } = session;
  return element(
    'header',
    { class: 'detail-head' },
    element(
      'div',
      { class: 'detail-title' },
      element('h1', { title: session.project }, projectName(session)),
      stateBadge(session),
    ),
    title === null ? null : element('p', { class: 'detail-subject' }, title),
    element('p', { class: 'quiet' }, agentName(session), meaning === null ? '' : ` · ${meaning}`),
    sessionTools(session, onForget),
    facts(session, lineage, usage),
  );
}

function sessionTools(session: SessionView, onForget: () => void): HTMLElement {
  const forget = element('button', { type: 'button', class: 'button danger' }, 'Forget …');
  forget.addEventListener('click', onForget);
  return element(
    'div',
    { class: 'part-tools' },
    element(
      'a',
      { class: 'button', href: api.exportPath(session.id, 'markdown'), download: `${session.id}.md` },
      'Export as Markdown',
    ),
    element(
      'a',
      { class: 'button', href: api.exportPath(session.id, 'jsonl'), download: `${session.id}.jsonl` },
      'as JSON Lines',
    ),
    forget,
  );
}

function facts(session: SessionView, { parent, children }: Lineage, usage: Usage): HTMLElement {
  const list = element('dl', { class: 'facts' });
  const fact = (name: string, ...value: (Node | string | null)[]): void => {
    if (value.some((part) => part !== null)) {
      list.append(element('div', {}, element('dt', {}, name), element('dd', {}, ...value)));
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
  fact('Tokens', describeUsage(usage));
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
  return list;
}

function describeUsage({ total, currency }: Usage): string | null {
  if (total.messages === 0) return null;
  const cached = total.cacheRead + total.cacheWrite;
  return [
    `${formatTokens(total.input)} in, ${formatTokens(total.output)} out`,
    cached > 0 ? `, ${formatTokens(cached)} cached` : '',
    total.cost === null || currency === null ? '' : `, ${formatCost(total.cost, currency)}`,
  ].join('');
}
