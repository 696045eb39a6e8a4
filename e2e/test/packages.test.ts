import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packPackage, publishedPackages, runToEnd } from '../../scripts/pack-packages.ts';
import { isolatedEnvironment, programs } from './support/repository.ts';

/** A name that each package's import must give. */
const exported = {
  '@endwell/proc-guard': 'retry',
  '@endwell/session-core': 'createSessionManager',
  '@endwell/diary-api': 'createDiaryServer',
  '@endwell/mcp-knowledge-server': 'createKnowledgeServer',
} as const;

const commands = ['proc-guard', 'diary', 'mcp-knowledge-server'] as const;

describe('packed and installed with npm in an empty folder', () => {
  let folder: string;
  let home: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'endwell-consumer-'));
    home = await mkdtemp(join(tmpdir(), 'endwell-home-'));
    const tarballs: string[] = [];
    for (const published of publishedPackages) {
      // npm refuses a package for another platform, as it should.
      if (published.name.includes('linux') && !published.name.endsWith(`${platform()}-${arch()}`)) continue;
      tarballs.push(await packPackage(published.folder, folder));
    }
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
    );
    const install = await runToEnd('npm', ['install', '--no-audit', '--no-fund', ...tarballs], {
      cwd: folder,
    });
    if (install.code !== 0) throw new Error(install.output);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  });

  test.for(Object.entries(exported))('%s imports', async ([name, symbol]) => {
    const script = `import { ${symbol} } from '${name}'; console.log(typeof ${symbol});`;
    const result = await runToEnd(programs.node, ['--input-type=module', '-e', script], { cwd: folder });
    expect(result).toEqual({ code: 0, output: 'function\n' });
  });

  test.for(commands)('%s --help runs', async (command) => {
    const result = await runToEnd(join(folder, 'node_modules', '.bin', command), ['--help'], {
      cwd: folder,
      env: isolatedEnvironment(home),
    });
    expect(result.code, result.output).toBe(0);
    expect(result.output).toContain(command);
  });

  test('proc-guard run is the native guard where there is one', async () => {
    const result = await runToEnd(
      join(folder, 'node_modules', '.bin', 'proc-guard'),
      [
        'run',
        '--',
        programs.node,
        '-e',
        'process.stdout.write(process.env.ENDWELL_GUARD ?? "unguarded"); process.exitCode = 7',
      ],
      { cwd: folder, env: isolatedEnvironment(home) },
    );
    expect(result.code, result.output).toBe(7);
    expect(result.output).toMatch(/^[0-9a-f-]{36}:\d+:\d+:\d+\/\d+\.\d+$/);
  });

  test('no package carries a workspace range or the source condition', async () => {
    for (const name of Object.keys(exported)) {
      const manifest = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8');
      expect(manifest).not.toContain('workspace:');
      expect(manifest).not.toContain('@endwell/source');
    }
  });
});

describe('from the repository’s root, after a build', () => {
  test.for(commands)('pnpm exec %s --help', async (command) => {
    const result = await runToEnd('pnpm', ['exec', command, '--help']);
    expect(result.code, result.output).toBe(0);
    expect(result.output).toContain(command);
    expect(result.output).toMatch(/example/i);
  });
});
