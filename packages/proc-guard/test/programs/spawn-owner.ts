/** Starts a guarded shell script, says so, and then does what its stdin tells: `stop` or nothing. */
import { spawnGuarded } from '../../src/index.ts';

const [script = '', graceMs = '700'] = process.argv.slice(2);
const guarded = spawnGuarded('sh', ['-c', script], {
  graceMs: Number(graceMs),
  stdio: ['ignore', 'pipe', 'inherit'],
});
guarded.stdout?.once('data', (chunk: Buffer) => {
  console.log(
    JSON.stringify({ said: chunk.toString().trim(), guard: guarded.describe().guard, pid: guarded.pid }),
  );
});
const stop = async (): Promise<void> => {
  console.log(JSON.stringify(await guarded.stop()));
  process.stdin.destroy();
};
process.stdin.on('data', (chunk: Buffer) => {
  if (chunk.toString().trim() === 'stop') void stop();
});
