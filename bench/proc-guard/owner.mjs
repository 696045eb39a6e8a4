// The owner of the benchmarks: starts the command it is given with its own standard streams and waits, until it is killed.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
spawn(command, args, { stdio: 'inherit' });
setInterval(() => {}, 1_000_000);
