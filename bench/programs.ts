import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const repositoryRoot: string = join(dirname(fileURLToPath(import.meta.url)), '..');

export const programs = {
  node: process.execPath,
  procGuard: join(repositoryRoot, 'packages', 'proc-guard', 'bin', 'proc-guard'),
  diary: join(repositoryRoot, 'services', 'diary-api', 'bin', 'diary.js'),
  diaryHook: join(repositoryRoot, 'services', 'diary-api', 'bin', 'diary-hook.cjs'),
  knowledgeServer: join(repositoryRoot, 'services', 'mcp-knowledge-server', 'bin', 'mcp-knowledge-server.js'),
} as const;
