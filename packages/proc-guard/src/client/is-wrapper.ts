const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);

const launchers = new Set([
  ...['npx', 'npm', 'pnpm', 'pnpx', 'yarn', 'bunx', 'uvx', 'env', 'proc-guard', 'proc-guard-native'],
  ...['tini', 'dumb-init', 'timeout', 'nice', 'nohup', 'setsid', 'stdbuf', 'cross-env'],
]);

const javascriptRuntimes = new Set(['node', 'nodejs', 'bun']);
const packageManagerNames = new Set(['npx', 'npm', 'pnpm', 'pnpx', 'yarn', 'corepack']);
const packageManagerEndings = [
  ...['npx-cli.js', 'npm-cli.js', 'pnpm.cjs', 'pnpm.mjs', 'pnpm.js', 'yarn.js', 'corepack.js'],
  'proc-guard/dist/main.js',
];

/**
 * Whether a command line belongs to a program that only starts another one for somebody else:
 * `sh -c`, `npx`, `npm exec`, `pnpm dlx`, `uvx`, `timeout`, the guard itself. The same rules, in
 * the same order, are in the native helper; a test compares the two.
 */
export function isWrapper(commandLine: string): boolean {
  const args = splitCommandLine(commandLine);
  const program = baseName(args[0] ?? '');
  if (shells.has(program) && runsCommandString(args)) return true;
  if (launchers.has(program)) return true;
  if (program === 'uv') return args[1] === 'run' || args[1] === 'tool';
  if (program === 'bun' && args[1] === 'x') return true;
  if (javascriptRuntimes.has(program)) return isPackageManagerScript(scriptArgument(args));
  if (program.startsWith('python')) {
    const script = baseName(scriptArgument(args) ?? '');
    return script === 'uvx' || script === 'uv';
  }
  return false;
}

/** npm replaces its command line by one title (`npm exec x`), which then has no NUL inside. */
export function splitCommandLine(commandLine: string): readonly string[] {
  const parts = commandLine.split('\0').filter((part) => part !== '');
  return parts.length === 1 ? (parts[0] ?? '').split(' ').filter((part) => part !== '') : parts;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function scriptArgument(args: readonly string[]): string | undefined {
  return args.slice(1).find((arg) => !arg.startsWith('-'));
}

/** `sh -c`, `bash -lc`, `bash --norc -ec`: a single-dash option with a `c`, before anything that is no option. */
function runsCommandString(args: readonly string[]): boolean {
  for (const arg of args.slice(1)) {
    if (!arg.startsWith('-')) return false;
    if (!arg.startsWith('--') && arg.includes('c')) return true;
  }
  return false;
}

function isPackageManagerScript(script: string | undefined): boolean {
  if (script === undefined) return false;
  return (
    packageManagerNames.has(baseName(script)) ||
    script.includes('@endwell/proc-guard/') ||
    packageManagerEndings.some((ending) => script.endsWith(ending))
  );
}
