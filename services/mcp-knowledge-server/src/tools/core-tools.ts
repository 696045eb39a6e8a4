import { endSession } from './end-session.ts';
import { logAction } from './log-action.ts';
import { startSession } from './start-session.ts';
import type { Tool } from './tool.ts';

/** The default tool set, in the order in which it is listed. */
export const coreTools: readonly Tool[] = [startSession, logAction, endSession];
