import { dirname, join } from 'node:path';
import { delimiter } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const repositoryRoot: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The programs as a user runs them from the root after a build. */
export const programs = {
  node: join(repositoryRoot, 'node_modules', 'node', 'bin', 'node'),
  procGuard: join(repositoryRoot, 'packages', 'proc-guard', 'bin', 'proc-guard'),
  diary: join(repositoryRoot, 'services', 'diary-api', 'bin', 'diary.js'),
  knowledgeServer: join(repositoryRoot, 'services', 'mcp-knowledge-server', 'bin', 'mcp-knowledge-server.js'),
} as const;

/** An environment that knows nothing of this machine's user: HOME and the data are in `home`. */
export function isolatedEnvironment(home: string, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const path = [join(repositoryRoot, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return { PATH: path, HOME: home, TMPDIR: home, TURBO_TELEMETRY_DISABLED: '1', ...extra };
}
