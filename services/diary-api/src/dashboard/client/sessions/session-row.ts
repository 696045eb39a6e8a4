import type { SessionView } from '../api.ts';
import { element } from '../elements/element.ts';
import { stateBadge } from './end-reason.ts';
import { agentName, projectName } from './session-label.ts';
import { relativeTime } from '../elements/time.ts';

export function sessionRow(session: SessionView): HTMLTableRowElement {
  const cell = (label: string, ...children: (Node | string)[]): HTMLTableCellElement =>
    element('td', { 'data-label': label }, ...children);
  const { title } = session;
  return element(
    'tr',
    { 'data-session-id': session.id, 'data-state': session.state, 'data-started-at': session.startedAt },
    element(
      'th',
      { scope: 'row' },
      element(
        'a',
        { href: `#/sessions/${encodeURIComponent(session.id)}`, title: session.project },
        projectName(session),
      ),
      title === null ? null : element('span', { class: 'session-title' }, title),
    ),
    cell('Agent', agentName(session)),
    cell('Started', relativeTime(session.startedAt)),
    cell('Last activity', relativeTime(session.lastActiveAt)),
    cell('Entries', String(session.entryCount)),
    cell(session.state === 'active' ? 'State' : 'End', stateBadge(session)),
  );
}
