import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectOf } from '../src/index.ts';

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'session-core-project-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'pipe' });
}

test('the worktrees of one repository are one project, from every folder in them', () => {
  const folder = temporaryFolder();
  const main = join(folder, 'main');
  const other = join(folder, 'other');
  mkdirSync(join(main, 'src', 'deep'), { recursive: true });
  git(main, 'init', '--quiet');
  git(main, 'commit', '--quiet', '--allow-empty', '--message', 'Begin');
  git(main, 'worktree', 'add', '--quiet', other);
  mkdirSync(join(other, 'src'));
  expect([main, join(main, 'src', 'deep'), other, join(other, 'src')].map(projectOf)).toEqual([
    main,
    main,
    main,
    main,
  ]);
});

test('a worktree of a bare repository belongs to that; a submodule is a project of its own', () => {
  const folder = temporaryFolder();
  const layout = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  layout('shop.git/worktrees/tree/commondir', '../..\n');
  layout('tree/.git', `gitdir: ${join(folder, 'shop.git/worktrees/tree')}\n`);
  layout('above/.git/modules/inner/HEAD', 'ref: refs/heads/main\n');
  layout('above/inner/.git', 'gitdir: ../.git/modules/inner\n');
  expect(projectOf(join(folder, 'tree'))).toBe(join(folder, 'shop.git'));
  expect(projectOf(join(folder, 'above/inner'))).toBe(join(folder, 'above/inner'));
});

test('a name, and a folder in no repository, gone, or that cannot be, is its own project', () => {
  const folder = temporaryFolder();
  for (const project of ['shop', './shop', folder, join(folder, 'gone'), `/${'x'.repeat(300)}`, '/a\0b']) {
    expect(projectOf(project)).toBe(project);
  }
});
