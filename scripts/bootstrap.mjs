// The entry of `npm start`, `npm test` and `npm run demo`. It runs on any Node ≥ 20 with nothing installed:
// it brings pnpm and the project's own Node from the npm registry, builds, and hands over.
import { argv, exit, stderr } from 'node:process';
import { install } from './bootstrap/install.mjs';
import { build } from './bootstrap/build.mjs';
import { startDiary } from './bootstrap/start-diary.mjs';
import { assertStillOwned, runWithProjectNode } from './bootstrap/run.mjs';

const [command = '', ...rest] = argv.slice(2);

const commands = {
  async install() {
    await install();
    return 0;
  },
  async start() {
    await install();
    await build();
    assertStillOwned();
    return startDiary(rest);
  },
  async test() {
    await install();
    return runWithProjectNode(['scripts/check.ts', ...rest]);
  },
  async demo() {
    await install();
    await build();
    assertStillOwned();
    return runWithProjectNode(['scripts/demo/main.ts', ...rest]);
  },
};

const main = commands[command];
if (main === undefined) {
  stderr.write(
    `bootstrap: unknown command "${command}"; it is one of ${Object.keys(commands).join(', ')}.\n`,
  );
  exit(2);
}
try {
  exit(await main());
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}
