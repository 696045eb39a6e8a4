import { z } from 'zod';

import { actionSchema } from '../actions/action-schema.ts';
import { messageSchema } from '../messages/message-schema.ts';
import { storableText } from '../schema/text-schema.ts';
import { sessionSchema } from '../sessions/session-schema.ts';

export const contextQuerySchema = z.strictObject({
  /** How long `text` may be. */
  maxCharacters: z.coerce.number().int().min(500).max(100_000).default(8_000),
});

/** The newest session of a project that has entries. */
export const projectContextQuerySchema = z.strictObject({
  project: storableText(1_024),
  agent: storableText(256).optional(),
  maxCharacters: contextQuerySchema.shape.maxCharacters,
});

/** What somebody needs to know who goes on with a session. */
export const contextSchema = z.object({
  session: sessionSchema,
  /** The sessions that it goes on from, the newest first. */
  continues: z.array(z.string()),
  /** The last messages, the newest last. */
  messages: z.array(messageSchema),
  /** The last actions, the newest last. */
  actions: z.array(actionSchema),
  /** The files that were named last, the last one first. */
  files: z.array(z.string()),
  /** The same as Markdown, at most `maxCharacters` long, to be given to an agent. */
  text: z.string(),
});

export type ContextView = z.output<typeof contextSchema>;
