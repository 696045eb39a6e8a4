/**
 * A program that owns a guarded tree of three: it prints `ready <pid of the guard> <pids of the tree>` and lives
 * until it is killed. Two of the tree are in no reach of the kernel's parent-death signal, so that they stay when
 * the guard and this program are killed.
 */
import { spawnGuarded } from '@endwell/proc-guard';

const script = 'sleep 300 & first=$!; setsid sleep 301 & echo $$ $first $!; wait';
const guarded = spawnGuarded('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
guarded.stdout?.once('data', (pids: Buffer) => {
  process.stdout.write(`ready ${guarded.pid} ${pids.toString()}`);
});
