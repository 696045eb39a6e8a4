import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ScratchClone, scratchClone } from './support/scratch-clone.ts';

/** The four packages that a user installs, with what a change in each must rebuild. */
const rebuiltBy = {
  'packages/proc-guard/src/index.ts': [
    '@endwell/diary-api',
    '@endwell/mcp-knowledge-server',
    '@endwell/proc-guard',
    '@endwell/session-core',
  ],
  'packages/session-core/src/index.ts': [
    '@endwell/diary-api',
    '@endwell/mcp-knowledge-server',
    '@endwell/session-core',
  ],
  'services/diary-api/src/index.ts': ['@endwell/diary-api'],
} as const;

interface DryRun {
  readonly tasks: readonly {
    readonly package: string;
    readonly command: string;
    readonly cache: { readonly status: string };
  }[];
}

let clone: ScratchClone;

beforeAll(async () => {
  clone = await scratchClone();
  await clone.run('turbo', 'run', 'build');
});

async function wouldBuild(...args: string[]): Promise<readonly string[]> {
  const plan = JSON.parse(await clone.run('turbo', 'run', 'build', '--dry=json', ...args)) as DryRun;
  return plan.tasks
    .filter((task) => task.command !== '<NONEXISTENT>' && task.cache.status !== 'HIT')
    .map((task) => task.package)
    .toSorted();
}

describe('the build', () => {
  test('a second time comes from the cache as a whole', async () => {
    const output = await clone.run('turbo', 'run', 'build');
    expect(output).toContain('FULL TURBO');
  });

  test.for(Object.entries(rebuiltBy))(
    'a change in %s rebuilds what depends on it, and only that',
    async ([file, packages]) => {
      const path = join(clone.folder, file);
      const before = await readFile(path, 'utf8');
      await appendFile(path, '\n// a change\n');
      try {
        expect(await wouldBuild()).toEqual(packages);
      } finally {
        await writeFile(path, before);
      }
      expect(await wouldBuild()).toEqual([]);
    },
  );

  test('--affected names only what has changed since the base', async () => {
    const file = join(clone.folder, 'services/diary-api/src/index.ts');
    const before = await readFile(file, 'utf8');
    await appendFile(file, '\n// a change\n');
    try {
      const plan = JSON.parse(await clone.run('turbo', 'run', 'build', '--affected', '--dry=json')) as {
        packages: string[];
      };
      // What tests and measures the whole depends on each part.
      expect(plan.packages.toSorted()).toEqual(['@endwell/bench', '@endwell/diary-api', '@endwell/e2e']);
    } finally {
      await writeFile(file, before);
    }
  });
});

describe('a changeset', () => {
  test('turns into versions and changelogs, also for the packages that depend on it', async () => {
    await writeFile(
      join(clone.folder, '.changeset', 'from-the-test.md'),
      "---\n'@endwell/proc-guard': minor\n---\n\nThe test says that retries end.\n",
    );
    const versionOf = async (folder: string): Promise<string> =>
      (JSON.parse(await readFile(join(clone.folder, folder, 'package.json'), 'utf8')) as { version: string })
        .version;
    const folders = [
      'packages/proc-guard',
      'packages/session-core',
      'services/diary-api',
      'services/mcp-knowledge-server',
    ];
    const before = await Promise.all(folders.map(versionOf));
    await clone.run('changeset', 'version');
    const after = await Promise.all(folders.map(versionOf));
    for (const [index, folder] of folders.entries()) expect(after[index], folder).not.toBe(before[index]);
    const changelog = await readFile(join(clone.folder, 'packages/proc-guard/CHANGELOG.md'), 'utf8');
    expect(changelog).toContain(`## ${after[0]}`);
    expect(changelog).toContain('The test says that retries end.');
  });
});
