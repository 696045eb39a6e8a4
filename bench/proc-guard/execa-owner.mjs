// As owner.mjs, by execa with its clean-up switched on (the default): what its users rely on.
import { execa } from 'execa';

const [command, ...args] = process.argv.slice(2);
setInterval(() => {}, 1_000_000);
await execa(command, args, { stdio: 'inherit', cleanup: true });
