import type { SessionView } from '../api.ts';

/** A project is often a folder: its own name says enough, and the whole path is in the title. */
export function projectName(session: SessionView): string {
  return nameOfProject(session.project);
}

export function nameOfProject(project: string | null): string {
  if (project === null) return 'No project';
  return project.split('/').findLast((part) => part !== '') ?? project;
}

export function agentName(session: SessionView): string {
  const agent = session.agent ?? 'Unknown agent';
  const agentId = session.metadata['agentId'];
  if (session.kind === 'sub-agent')
    return `${agent}, sub-agent${typeof agentId === 'string' ? ` ${agentId}` : ''}`;
  return agent;
}
