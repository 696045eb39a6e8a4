import type { Toolset } from '../config/toolsets.ts';
import { endSession } from './end-session.ts';
import { coreKnowledgeTools, furtherKnowledgeTools } from './knowledge-tools.ts';
import { logAction } from './log-action.ts';
import { startSession } from './start-session.ts';
import type { Tool } from './tool.ts';

const coreTools: readonly Tool[] = [startSession, logAction, endSession, ...coreKnowledgeTools];

/** The tools of a set in the order in which they are listed, which is always the same. */
export function toolsOf(toolset: Toolset): readonly Tool[] {
  return toolset === 'core' ? coreTools : [...coreTools, ...furtherKnowledgeTools];
}
