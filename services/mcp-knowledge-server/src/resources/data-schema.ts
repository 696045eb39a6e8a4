import { END_REASONS } from '@endwell/session-core';

/** What is kept and in which form, for whoever writes a client. */
export const dataSchema: Readonly<Record<string, unknown>> = {
  session: {
    session_id: 'ses_ and a UUIDv7',
    project: 'string or null',
    agent: 'string or null',
    state: ['active', 'ended'],
    end_reason: END_REASONS,
    rule: 'Exactly one end. An ended session stays ended.',
  },
  entry: {
    sequence: 'from 1, without gaps, in each session',
    types: {
      action: { text: 'what was done', data: ['action', 'files', 'success', 'details'] },
      message: { text: 'what was said', data: ['role'] },
      summary: { text: 'the note', data: ['achievements', 'openIssues', 'nextSteps'] },
    },
    rule: 'Secrets are replaced by a marker before they are stored.',
  },
  document: {
    fields: ['id', 'project', 'title', 'source', 'tags', 'characters', 'ingested_at'],
    rule: 'One copy for each content. Ingesting the same source again updates it in place.',
  },
  graph: { entity: ['name', 'type'], relation: ['from', 'relation', 'to', 'passages'] },
};
