import { element } from '../elements/element.ts';
import type { SessionView } from '../api.ts';

type EndReason = NonNullable<SessionView['endReason']>;
type Tone = 'good' | 'calm' | 'warn' | 'bad';

/** How an end looks, and what it means in one sentence. */
export const endReasons: Readonly<Record<EndReason, { readonly tone: Tone; readonly meaning: string }>> = {
  completed: { tone: 'good', meaning: 'The agent said that it was done.' },
  client_disconnected: { tone: 'calm', meaning: 'The client closed its connection.' },
  owner_died: { tone: 'bad', meaning: 'The process that the session belonged to has died.' },
  idle_timeout: { tone: 'warn', meaning: 'Nothing happened for longer than the session allows.' },
  max_lifetime: { tone: 'warn', meaning: 'The session reached its longest lifetime.' },
  terminated: { tone: 'warn', meaning: 'An operator ended it.' },
  parent_ended: { tone: 'calm', meaning: 'The session above it ended.' },
  shutdown: { tone: 'calm', meaning: 'The program that it ran in was shut down.' },
  superseded: { tone: 'calm', meaning: 'The agent went on with it in another process.' },
  imported: { tone: 'calm', meaning: 'It is history, brought in from a transcript.' },
};

export function stateBadge(session: SessionView): HTMLElement {
  if (session.endReason === null) {
    return element('span', { class: 'badge', 'data-tone': 'live', title: 'The session is active.' }, 'live');
  }
  const { tone, meaning } = endReasons[session.endReason];
  return element('span', { class: 'badge', 'data-tone': tone, title: meaning }, session.endReason);
}
