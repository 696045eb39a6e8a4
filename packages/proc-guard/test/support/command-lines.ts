export interface CommandLineCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly wrapper: boolean;
}

const yes = (...args: string[]): CommandLineCase => ({ name: args.join(' '), args, wrapper: true });
const no = (...args: string[]): CommandLineCase => ({ name: args.join(' '), args, wrapper: false });

/** Which command lines are wrappers; the TypeScript and the native rules are held to the same list. */
export const commandLines: readonly CommandLineCase[] = [
  yes('sh', '-c', 'node server.js'),
  yes('/bin/sh', '-ec', 'node server.js'),
  yes('bash', '-lc', 'x'),
  yes('-bash', '-c', 'x'),
  yes('bash', '--norc', '-c', 'x'),
  yes('bash', '-o', 'pipefail', '-c', 'x'),
  yes('busybox', 'sh', '-c', 'x'),
  yes('/bin/busybox', 'timeout', '5', 'x'),
  no('bash'),
  no('-zsh'),
  no('bash', '-i'),
  no('bash', '--rcfile', 'x'),
  no('sh', 'script-c.sh'),
  no('sh', 'script.sh', '-c'),
  no('bash', '--', '-c'),
  no('busybox', 'node', '/usr/bin/npx'),
  yes('npx', '-y', 'server'),
  yes('npm exec some-server'),
  yes('npm run dev'),
  yes('pnpm', 'dlx', 'server'),
  yes('uvx', 'server'),
  yes('uv', 'run', 'server'),
  yes('uv', 'tool', 'run', 'server'),
  no('uv', 'pip', 'install'),
  yes('bun', 'x', 'server'),
  no('bun', 'server.ts'),
  yes('/usr/bin/env', 'node', 'x'),
  yes('timeout', '5', 'x'),
  yes('tini', '--', 'x'),
  yes('/opt/bin/proc-guard-native', 'run', '--', 'x'),
  yes('node', '/usr/lib/node_modules/npm/bin/npx-cli.js', '-y', 'server'),
  yes('node', '--no-warnings', '/usr/bin/npx', 'server'),
  yes('/usr/bin/node', '/usr/local/bin/yarn', 'start'),
  yes('node', '/x/.cache/node/corepack/pnpm.cjs', 'dlx', 'y'),
  yes('node', '/x/node_modules/@endwell/proc-guard/dist/main.js', 'run'),
  yes('node', '/src/packages/proc-guard/dist/main.js', 'run'),
  no('node', 'server.js'),
  no('node', 'server.js', '/usr/bin/npx'),
  no('node', '-e', 'x'),
  no('node'),
  yes('python3', '/home/me/.local/bin/uvx', 'server'),
  yes('python3.12', '-u', '/home/me/.local/bin/uv', 'run'),
  no('python3', 'server.py'),
  no('claude'),
  no('code'),
  no('my program with spaces'),
];
