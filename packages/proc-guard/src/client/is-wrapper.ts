const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh']);

const launchers = new Set(
  (
    'npx npm pnpm pnpx yarn bunx uvx env proc-guard proc-guard-native ' +
    'tini dumb-init timeout nice nohup setsid stdbuf cross-env'
  ).split(' '),
);

const javascriptRuntimes = new Set(['node', 'nodejs', 'bun']);
const packageManagerNames = new Set(['npx', 'npm', 'pnpm', 'pnpx', 'yarn', 'corepack']);
const packageManagerEndings =
  'npx-cli.js npm-cli.js pnpm.cjs pnpm.mjs pnpm.js yarn.js corepack.js proc-guard/dist/main.js'.split(' ');

/**
 * Whether a command line belongs to a program that only starts another one for somebody else:
 * `sh -c`, `npx`, `npm exec`, `pnpm dlx`, `uvx`, `timeout`, the guard itself. The same rules, in
 * the same order, are in the native helper (`native/PROTOCOL.md`); a test compares the two.
 */
export function isWrapper(commandLine: string): boolean {
  const args = splitCommandLine(commandLine);
  const program = programName(args);
  if (program === 'busybox') {
    const applet = args.slice(1);
    return isShellOrLauncher(programName(applet), applet);
  }
  if (isShellOrLauncher(program, args)) return true;
  if (javascriptRuntimes.has(program)) return isPackageManagerScript(scriptArgument(args));
  if (!program.startsWith('python')) return false;
  const script = baseName(scriptArgument(args) ?? '');
  return script === 'uvx' || script === 'uv';
}

/** npm replaces its command line by one title (`npm exec x`), which then has no NUL inside. */
function splitCommandLine(commandLine: string): readonly string[] {
  const elements = commandLine.split('\0');
  if (elements.at(-1) === '') elements.pop();
  const filled = elements.filter((element) => element !== '');
  return filled.length === 1 ? (filled[0] ?? '').split(' ').filter((part) => part !== '') : elements;
}

/** A login shell calls itself `-bash`. */
function programName(args: readonly string[]): string {
  return baseName((args[0] ?? '').replace(/^-/, ''));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function scriptArgument(args: readonly string[]): string | undefined {
  return args.slice(1).find((arg) => !arg.startsWith('-'));
}

function isShellOrLauncher(program: string, args: readonly string[]): boolean {
  if (shells.has(program) && runsCommandString(args)) return true;
  if (launchers.has(program)) return true;
  if (program === 'uv') return args[1] === 'run' || args[1] === 'tool';
  return program === 'bun' && args[1] === 'x';
}

/** `sh -c`, `bash -lc`, `bash -o pipefail -c`: an option with a `c`, before anything that is no option. */
function runsCommandString(args: readonly string[]): boolean {
  for (let index = 1; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-') || arg === '-' || arg === '--') return false;
    if (arg.startsWith('--')) continue;
    if (arg.includes('c')) return true;
    // The name of a shell option follows.
    if (/[oO]/.test(arg)) index += 1;
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
