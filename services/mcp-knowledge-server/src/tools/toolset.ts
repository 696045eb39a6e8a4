import type { Toolset } from '../config/toolsets.ts';
import { cleanupZombieSessions } from './cleanup-zombie-sessions.ts';
import { endSession } from './end-session.ts';
import { getProjectOverview } from './get-project-overview.ts';
import { getSessionContext } from './get-session-context.ts';
import { coreKnowledgeTools, furtherKnowledgeTools } from './knowledge-tools.ts';
import { listSessions } from './list-sessions.ts';
import { logAction } from './log-action.ts';
import { logMessage } from './log-message.ts';
import { resumeSession } from './resume-session.ts';
import { startSession } from './start-session.ts';
import type { Tool } from './tool.ts';

const coreTools: readonly Tool[] = [
  startSession,
  resumeSession,
  logAction,
  logMessage,
  endSession,
  ...coreKnowledgeTools,
];

const allTools: readonly Tool[] = [
  ...coreTools,
  getProjectOverview,
  getSessionContext,
  listSessions,
  cleanupZombieSessions,
  ...furtherKnowledgeTools,
];

/** The tools of a set in the order in which they are listed, which is always the same. */
export function toolsOf(toolset: Toolset): readonly Tool[] {
  return toolset === 'core' ? coreTools : allTools;
}
