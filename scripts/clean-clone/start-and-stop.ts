import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `npm start` on a free port until it says where it is; then a question, TERM, and how long the end took. */
export async function startAndStop(
  clone: string,
  env: NodeJS.ProcessEnv,
  report: (line: string) => void,
  deadlineMs = 10 * 60_000,
): Promise<void> {
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...env, DIARY_API_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(npm, 'close');
  const timer = setTimeout(() => npm.kill('SIGTERM'), deadlineMs);
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /Dashboard\s+(http:\S+)/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    npm.stdout.on('data', look);
    npm.stderr.on('data', look);
    npm.once('close', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
  const health = await fetch(new URL('/healthz', address));
  if (!health.ok) throw new Error(`/healthz answered ${health.status}`);
  report(
    `healthy after ${((performance.now() - startedAt) / 1000).toFixed(1)} s, install and build included`,
  );
  const stoppedAt = performance.now();
  npm.kill('SIGTERM');
  await closed;
  clearTimeout(timer);
  const gone = await fetch(new URL('/healthz', address)).then(
    () => false,
    () => true,
  );
  if (!gone) throw new Error('the server still answers after TERM');
  report(`gone ${(performance.now() - stoppedAt).toFixed(0)} ms after TERM`);
}
