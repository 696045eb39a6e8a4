import { projectOf } from '@endwell/session-core';

import { KnowledgeError } from '../errors/knowledge-error.ts';

/**
 * Which project a call is about: the one that it names, else the server's own. A folder stands for the
 * repository that it is in, as everywhere in the store.
 *
 * @throws KnowledgeError `NO_PROJECT` when neither is known
 */
export type ResolveProject = (named: string | undefined) => string;

export function createResolveProject(defaultProject: string | undefined): ResolveProject {
  const own = defaultProject === undefined ? undefined : projectOf(defaultProject);
  return (named) => {
    const project = named === undefined ? own : projectOf(named);
    if (project !== undefined) return project;
    throw new KnowledgeError(
      'NO_PROJECT',
      'No project was given, and this server does not know in which folder its client works.',
    );
  };
}
