import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { arch, env, platform, stdout } from 'node:process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { projectEnv, projectNode, root, supervise } from './run.mjs';

const nativeGuard = join(root, 'packages', `proc-guard-${platform}-${arch}`, 'bin', 'proc-guard-native');

/** Runs the diary API in the foreground, and says where it is and how to attach to it once it is ready. */
export function startDiary(args) {
  const child = spawn(
    projectNode,
    [join(root, 'services', 'diary-api', 'bin', 'diary.js'), 'serve', ...args],
    {
      cwd: root,
      env: projectEnv,
      // The channel tells the server at once when this process dies, however it dies.
      stdio: ['inherit', 'pipe', 'inherit', 'ipc'],
    },
  );
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    stdout.write(address === undefined ? `${line}\n` : welcome(address));
  });
  const stopWatching = watchParentWithoutHelper(child);
  return supervise(child, 'diary serve').finally(stopWatching);
}

function welcome(address) {
  const home = env.ENDWELL_HOME || join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'endwell');
  const server = join(root, 'services', 'mcp-knowledge-server', 'bin', 'mcp-knowledge-server.js');
  const guard = existsSync(nativeGuard)
    ? nativeGuard
    : join(root, 'packages', 'proc-guard', 'bin', 'proc-guard');
  // A client does not inherit our environment, so a data folder of one's own goes into the line.
  const folder = env.ENDWELL_HOME || env.XDG_STATE_HOME ? ['--home', home] : [];
  const command = [guard, 'run', '--', projectNode, server, ...folder];
  return [
    '',
    '  Endwell is running. Ctrl-C ends it.',
    '',
    `  Dashboard  ${address}`,
    `  Data       ${join(home, 'endwell.db')}`,
    '',
    '  Attach a coding agent:',
    `    claude mcp add endwell -- ${command.join(' ')}`,
    '  Attach any MCP client:',
    `    ${JSON.stringify({ mcpServers: { endwell: { command: command[0], args: command.slice(1) } } })}`,
    '',
    '',
  ].join('\n');
}

/**
 * The server watches npm and us through the native helper. Where there was no C compiler to build
 * it, no event tells of a parent's death, so here, and only then, our own parent is looked at twice a second.
 */
function watchParentWithoutHelper(child) {
  if (existsSync(nativeGuard) || platform === 'win32') return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  return () => clearInterval(timer);
}
