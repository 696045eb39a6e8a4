/**
 * Tries the three commands as a newcomer would: a fresh clone of the committed main, an empty HOME and empty
 * caches, on Node 20 and on Node 24. `node scripts/clean-clone.ts [20] [24] [--skip-test]`. Slow: it installs
 * everything each time.
 */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { repositoryRoot, runToEnd } from './pack-packages.ts';
import { startAndStop } from './clean-clone/start-and-stop.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'skip-test': { type: 'boolean', default: false } },
});
const majors = positionals.length > 0 ? positionals : ['20', '24'];

let failed = 0;
for (const major of majors) {
  const folder = await mkdtemp(join(tmpdir(), `endwell-clean-${major}-`));
  // Tests that root starts as an ordinary user have to get to the clone.
  await chmod(folder, 0o755);
  try {
    const clone = join(folder, 'clone');
    const home = join(folder, 'home');
    await mkdir(home);
    await expectSuccess('git clone', await runToEnd('git', ['clone', '-q', repositoryRoot, clone]));
    const env = {
      // The Node under test and the system's programs; nothing of this checkout.
      PATH: `${await nodeOfMajor(major, folder)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: home,
      TMPDIR: folder,
      ...registryEnvironment(),
    };
    report(major, 'node', (await runToEnd('node', ['--version'], { env })).output.trim());
    await startAndStop(clone, env, (line) => report(major, 'npm start', line));
    const demo = await runToEnd('npm', ['run', 'demo'], { cwd: clone, env });
    await expectSuccess('npm run demo', demo);
    report(major, 'npm run demo', demo.output.trim().split('\n').at(-1) ?? '');
    if (!values['skip-test']) {
      const test = await runToEnd('npm', ['test'], { cwd: clone, env, timeoutMs: 60 * 60_000 });
      await expectSuccess('npm test', test);
      report(major, 'npm test', test.output.trim().split('\n').at(-1) ?? '');
    }
  } catch (error) {
    failed += 1;
    report(major, 'FAILED', error instanceof Error ? error.message : String(error));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function report(major: string, what: string, line: string): void {
  process.stdout.write(`Node ${major}: ${what}: ${line}\n`);
}

async function expectSuccess(
  what: string,
  result: { readonly code: number | null; readonly output: string },
): Promise<void> {
  if (result.code !== 0) throw new Error(`${what} ended with ${result.code}:\n${result.output}`);
}

/** The folder of that Node's binary, brought from the npm registry. */
async function nodeOfMajor(major: string, folder: string): Promise<string> {
  const prefix = join(folder, `node-${major}`);
  await mkdir(prefix);
  await expectSuccess(
    'npm install node',
    await runToEnd('npm', ['install', '--prefix', prefix, `node@${major}`]),
  );
  return join(dirname(join(prefix, 'node_modules', 'node', 'bin', 'node')));
}

/** How this machine reaches the npm registry is the machine's affair: it is passed on, not cleared. */
function registryEnvironment(): NodeJS.ProcessEnv {
  const kept = /^(npm_config_registry|https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_(file|dir))$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
}
