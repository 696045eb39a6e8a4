import { api, type EntryView, type SessionView } from '../api.ts';
import { confirmInDialog } from '../elements/confirm-dialog.ts';
import { element } from '../elements/element.ts';
import { projectName } from '../sessions/session-label.ts';

const forEver = 'It is removed from the database and cannot be brought back.';

/** Asks, and forgets the session with all that it did. True when it is gone. */
export async function forgetSession(session: SessionView): Promise<boolean> {
  const confirmed = await confirmInDialog({
    title: 'Forget this session?',
    body: [
      element(
        'p',
        {},
        `The session of ${projectName(session)} and its ${session.entryCount} entries. ${forEver}`,
      ),
      ...(session.state === 'active' ? [element('p', {}, 'It is still active: it is ended first.')] : []),
    ],
    action: 'Forget',
  });
  if (!confirmed) return false;
  await api.forgetSession(session.id, session.state === 'active');
  return true;
}

/** Asks, and forgets what one entry says. Its place in the journal stays. */
export async function forgetEntry(entry: EntryView): Promise<boolean> {
  const confirmed = await confirmInDialog({
    title: `Forget entry ${entry.sequence}?`,
    body: [
      element('p', {}, `${forEver} Its place in the journal stays, empty.`),
      element('pre', { class: 'text' }, (entry.text ?? '').slice(0, 300)),
    ],
    action: 'Forget',
  });
  if (!confirmed) return false;
  await api.forgetEntry(entry.sessionId, entry.sequence);
  return true;
}
