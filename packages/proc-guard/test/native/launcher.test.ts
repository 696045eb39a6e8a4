import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { helperPath, launcherPath, notRun, whyNot } from './support/native-helper.ts';
import { createProcessTracker } from '../support/process-tracker.ts';
import { runCommand, type CommandResult } from './support/run-command.ts';

const platform = `proc-guard-linux-${process.arch}`;

describe.skipIf(whyNot !== undefined)(`the launcher${notRun}`, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'proc-guard-launcher-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A package as it is installed: the launcher, and a program that says that Node was asked instead. */
  function install(package_: string, helperFolder: string | undefined): void {
    mkdirSync(join(package_, 'bin'), { recursive: true });
    mkdirSync(join(package_, 'dist'));
    cpSync(launcherPath, join(package_, 'bin/proc-guard'));
    writeFileSync(join(package_, 'dist/main.js'), 'console.log("node", ...process.argv.slice(2));');
    writeFileSync(join(package_, 'package.json'), '{"type": "module"}');
    if (helperFolder === undefined) return;
    mkdirSync(join(helperFolder, 'bin'), { recursive: true });
    cpSync(helperPath, join(helperFolder, 'bin/proc-guard-native'));
  }

  async function launch(
    path: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<CommandResult> {
    await using tracker = createProcessTracker(env);
    return await runCommand(path, args, { env: tracker.env });
  }

  /** What the command's parent is: nothing of a shell or of Node may stay. */
  const parentOf = ['run', '--', 'sh', '-c', 'tr "\\0" " " < /proc/$PPID/cmdline; exit 3'];

  const byHelper = {
    exitCode: 3,
    stdout: expect.stringMatching(/proc-guard-native run --parent \d+ -- sh -c /),
  };

  test('finds the helper in this workspace', async () => {
    expect(await launch(launcherPath, parentOf)).toMatchObject(byHelper);
  });

  test('finds it as npm installs it, through the link in .bin', async () => {
    const modules = join(folder, 'node_modules');
    install(join(modules, '@endwell/proc-guard'), join(modules, '@endwell', platform));
    mkdirSync(join(modules, '.bin'));
    symlinkSync('../@endwell/proc-guard/bin/proc-guard', join(modules, '.bin/proc-guard'));
    symlinkSync(join(modules, '.bin/proc-guard'), join(folder, 'linked'));
    expect(await launch(join(modules, '.bin/proc-guard'), parentOf)).toMatchObject(byHelper);
    expect(await launch(join(folder, 'linked'), parentOf)).toMatchObject(byHelper);
    const { env } = process;
    expect(await launch('proc-guard', parentOf, { PATH: `${modules}/.bin:${env['PATH']}` })).toMatchObject({
      exitCode: 3,
    });
  });

  test("finds it in pnpm's store, through the shim", async () => {
    const store = join(folder, 'node_modules/.pnpm/@endwell+proc-guard@1.0.0/node_modules/@endwell');
    const other = join(
      folder,
      `node_modules/.pnpm/@endwell+${platform}@1.0.0/node_modules/@endwell`,
      platform,
    );
    install(join(store, 'proc-guard'), other);
    symlinkSync(other, join(store, platform));
    mkdirSync(join(folder, 'node_modules/@endwell'));
    symlinkSync(join(store, 'proc-guard'), join(folder, 'node_modules/@endwell/proc-guard'));
    const shim = join(folder, 'shim');
    writeFileSync(
      shim,
      `#!/bin/sh\nexec "${folder}/node_modules/@endwell/proc-guard/bin/proc-guard" "$@"\n`,
      { mode: 0o755 },
    );
    expect(await launch(shim, parentOf)).toMatchObject(byHelper);
  });

  test('finds it nested in its own node_modules', async () => {
    const own = join(folder, 'a folder with blanks/proc-guard');
    install(own, join(own, 'node_modules/@endwell', platform));
    expect(await launch(join(own, 'bin/proc-guard'), parentOf)).toMatchObject(byHelper);
  });

  test('without a helper, and for every other command, Node runs', async () => {
    const own = join(folder, 'proc-guard');
    install(own, undefined);
    const path = join(own, 'bin/proc-guard');
    const [first, second] = [await launch(path, ['run', '--', 'a  b']), await launch(path, ['ps', '--json'])];
    expect(first).toMatchObject({ exitCode: 0, stdout: 'node run -- a  b\n' });
    expect(second).toMatchObject({ exitCode: 0, stdout: 'node ps --json\n' });
    const withHelper = { PROC_GUARD_NATIVE: helperPath };
    expect(await launch(path, ['run', 'echo', 'x'], withHelper)).toMatchObject({
      exitCode: 0,
      stdout: 'x\n',
    });
    const inWorkspace = await launch(launcherPath, ['client'], { PROC_GUARD_NATIVE: 'off' });
    expect(inWorkspace.stdout).not.toMatch(/^client /);
  });

  test('says in one sentence that Node is missing', async () => {
    const own = join(folder, 'proc-guard');
    install(own, undefined);
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    for (const tool of ['sh', 'uname', 'readlink']) {
      symlinkSync(
        execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
        join(tools, tool),
      );
    }
    const result = await launch(join(own, 'bin/proc-guard'), ['ps'], { PATH: tools });
    expect(result).toMatchObject({
      exitCode: 127,
      stdout: '',
      stderr: 'proc-guard: Node.js (22 or newer) is needed for this and was not found on PATH.\n',
    });
  });

  test.each(['exec', 'detach'])('%s becomes the command itself', async (role) => {
    const { stdout, exitCode } = await launch(launcherPath, [
      role,
      '--',
      'sh',
      '-c',
      'echo "$0"; exit 6',
      'name',
    ]);
    expect({ stdout, exitCode }).toEqual({ stdout: 'name\n', exitCode: 6 });
  });
});
