import type { Tool } from './tool.ts';

/** The knowledge tools of the default tool set, in the order in which they are listed. */
export const coreKnowledgeTools: readonly Tool[] = [];

/** The knowledge tools that `--toolset all` adds. */
export const furtherKnowledgeTools: readonly Tool[] = [];
