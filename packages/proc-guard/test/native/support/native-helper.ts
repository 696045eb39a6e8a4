import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packages: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the build puts the helper for this machine; it need not be there. */
export const helperPath: string = `${packages}proc-guard-linux-${process.arch}/bin/proc-guard-native`;

export const launcherPath: string = `${packages}proc-guard/bin/proc-guard`;

const compiler: string = process.env['CC'] ?? 'cc';
const hasCompiler: boolean = spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status === 0;

/** Why the tests of the native helper cannot be run here; undefined where they can. */
export const whyNot: string | undefined = findReason();

function findReason(): string | undefined {
  if (process.platform !== 'linux') return `${process.platform} has no native helper`;
  if (!existsSync(helperPath)) return 'the native helper has not been built (it needs a C compiler)';
  return hasCompiler ? undefined : `there is no C compiler (${compiler}) for the test programs`;
}

/** For the title of a suite: says plainly when it is not run. */
export const notRun: string = whyNot === undefined ? '' : ` (NOT RUN: ${whyNot})`;
