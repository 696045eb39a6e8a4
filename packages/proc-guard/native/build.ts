// Compiles the native helper for one architecture into its platform package. Where there is no compiler for it,
// this says so and is content: everything then runs on the TypeScript fallback.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { argv, env, exit, pid, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

type Architecture = 'x64' | 'arm64';

const CROSS_COMPILERS: Record<Architecture, string> = {
  x64: 'x86_64-linux-gnu-gcc',
  arm64: 'aarch64-linux-gnu-gcc',
};

const FLAGS: readonly string[] = [
  '-std=c11',
  '-Os',
  '-static',
  '-no-pie',
  '-D_GNU_SOURCE',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wpedantic',
  '-Wshadow',
  '-Wconversion',
  '-fno-asynchronous-unwind-tables',
  '-ffunction-sections',
  '-fdata-sections',
  '-Wl,--gc-sections',
  '-Wl,--build-id=none',
  '-s',
];

const nativeFolder: string = dirname(fileURLToPath(import.meta.url));
const packageFolder: string = dirname(nativeFolder);

function compilerFor(architecture: Architecture): string | undefined {
  const isOwn = process.platform === 'linux' && process.arch === architecture;
  const candidates = isOwn ? [env['CC'] ?? 'cc'] : [CROSS_COMPILERS[architecture]];
  return candidates.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

function sources(): string[] {
  return readdirSync(nativeFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .toSorted()
    .map((name) => join(nativeFolder, name));
}

function build(architecture: Architecture): number {
  const output = join(dirname(packageFolder), `proc-guard-linux-${architecture}`, 'bin', 'proc-guard-native');
  const compiler = compilerFor(architecture);
  if (compiler === undefined) {
    rmSync(output, { force: true });
    stdout.write(`proc-guard-native: no C compiler for linux-${architecture} here; it was not built.\n`);
    return 0;
  }
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  mkdirSync(dirname(output), { recursive: true });
  // A guard may be running from the old file, and another build may be running beside this one.
  const draft = `${output}.${pid}`;
  const flags = [...FLAGS, `-DPROC_GUARD_VERSION="${manifest.version}"`];
  const compiled = spawnSync(compiler, [...flags, '-o', draft, ...sources()], { stdio: 'inherit' });
  if (compiled.status !== 0) {
    rmSync(draft, { force: true });
    stderr.write(`proc-guard-native: ${compiler} failed for linux-${architecture}.\n`);
    return 1;
  }
  renameSync(draft, output);
  stdout.write(`proc-guard-native: built ${relative(dirname(packageFolder), output)} with ${compiler}.\n`);
  return 0;
}

const [architecture] = argv.slice(2);
if (architecture === 'x64' || architecture === 'arm64') {
  exit(build(architecture));
} else {
  stderr.write('usage: node build.ts x64|arm64\n');
  exit(2);
}
