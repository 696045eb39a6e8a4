/**
 * Starts stdio servers as an MCP client does, says when all are ready, and then waits to be killed.
 *
 *     stdio-client.ts '{"command": […], "count": 3, "leakStdin": false, "serverEnv": {…}}'
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ClientSettings {
  readonly command: readonly string[];
  readonly count: number;
  readonly leakStdin: boolean;
  readonly cwd: string;
  readonly serverEnv: Record<string, string>;
}

const settings = JSON.parse(process.argv[2] ?? '') as ClientSettings;
const [program = '', ...args] = settings.command;

const servers = Array.from({ length: settings.count }, async () => {
  const child = spawn(program, args, {
    cwd: settings.cwd,
    env: { ...process.env, ...settings.serverEnv },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (settings.leakStdin) {
    const { _handle: handle } = child.stdin as unknown as { _handle: { fd: number } };
    spawn('sleep', ['300'], { stdio: [handle.fd, 'ignore', 'ignore'], detached: true }).unref();
  }
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    if (said.includes('ready\n')) break;
  }
  if (!said.includes('ready\n')) throw new Error(`the server is not ready: ${said}`);
});

await Promise.all(servers);
console.log(JSON.stringify('ready'));
await once(process, 'never');
