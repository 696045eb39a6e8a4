import type { Entry, Session, SessionManager } from '@endwell/session-core';

import { ACTION_TYPE, actionView, filesOf } from '../actions/action-view.ts';
import { MESSAGE_TYPE, messageView } from '../messages/message-view.ts';
import { sessionView } from '../sessions/session-view.ts';
import { shorten } from '../summary/summarize-session.ts';
import type { ContextView } from './context-schema.ts';
import { renderContext } from './render-context.ts';

/** How far back it looks, over all sessions of the chain. */
const MAX_ENTRIES = 400;
const MAX_CHAIN = 20;
const MAX_MESSAGES = 20;
const MAX_ACTIONS = 20;
const MAX_FILES = 50;
/** In the lists; the text has a limit of its own. */
const MAX_CONTENT = 4_000;

export async function readContext(
  manager: SessionManager,
  session: Session,
  maxCharacters: number,
): Promise<ContextView> {
  const continues: string[] = [];
  let entries = await lastEntries(manager, session, MAX_ENTRIES);
  for (let at = session; at.continues !== null && continues.length < MAX_CHAIN;) {
    at = await manager.get(at.continues);
    continues.push(at.id);
    if (entries.length < MAX_ENTRIES) {
      entries = [...(await lastEntries(manager, at, MAX_ENTRIES - entries.length)), ...entries];
    }
  }
  const messages = entries.filter(({ type }) => type === MESSAGE_TYPE).slice(-MAX_MESSAGES);
  const actions = entries.filter(({ type }) => type === ACTION_TYPE).slice(-MAX_ACTIONS);
  const files = new Set(entries.toReversed().flatMap(filesOf));
  const context = {
    session: await sessionView(manager, session),
    continues,
    messages: messages.map(messageView).map((message) => ({
      ...message,
      content: message.content === null ? null : shorten(message.content, MAX_CONTENT),
      reasoning: message.reasoning === null ? null : shorten(message.reasoning, MAX_CONTENT),
      context: null,
    })),
    actions: actions.map(actionView).map((action) => ({
      ...action,
      description: action.description === null ? null : shorten(action.description, MAX_CONTENT),
      details: null,
    })),
    files: [...files].slice(0, MAX_FILES),
  };
  return { ...context, text: renderContext(context, maxCharacters) };
}

async function lastEntries(manager: SessionManager, session: Session, count: number): Promise<Entry[]> {
  const after = Math.max(0, session.entryCount - count);
  return (await manager.entries(session.id, { after, limit: count })).entries;
}
