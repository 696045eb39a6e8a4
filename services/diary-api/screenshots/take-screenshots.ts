/**
 * `pnpm screenshots`: takes the pictures that the README shows, of a diary with made-up sessions in a folder of
 * its own, into `docs/screenshots`. One session is killed while its page is open: the picture shows its end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { fillDiary } from './fill-diary.ts';

const target = join(import.meta.dirname, '..', '..', '..', 'docs', 'screenshots');
const home = await mkdtemp(join(tmpdir(), 'endwell-screenshots-'));
const children: ChildProcess[] = [];

function start(program: string, ...args: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--conditions=@endwell/source', '--disable-warning=ExperimentalWarning', program, ...args],
    {
      env: { PATH: process.env['PATH'], HOME: home, ENDWELL_HOME: join(home, 'data') },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  return child;
}

async function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('the program has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`the program ended before it printed ${pattern}`);
}

try {
  await mkdir(target, { recursive: true });
  const { shownSession } = await fillDiary(join(home, 'data', 'endwell.db'));
  const diary = start(join(import.meta.dirname, '..', 'src', 'main.ts'), 'serve', '--port', '0');
  const address = await firstLine(diary, /listening on (http:\S+)/);
  const owner = start(join(import.meta.dirname, '..', 'test', 'support', 'session-owner.ts'));
  const doomed = await firstLine(owner, /^ready (\S+)$/);

  const browser = await launchBrowser();
  const pages = [
    ['sessions', '#/', '.sessions tbody tr'],
    ['session', `#/sessions/${shownSession}`, '.entry'],
    ['search', '#/search?text=tide+table', '.hit'],
    ['charts', '#/charts?days=30', '.chart'],
  ] as const;
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    for (const [name, hash, ready] of pages) {
      await page.goto(`${address}${hash}`);
      await page.locator(ready).first().waitFor();
      await save(page, `${name}-${colorScheme}`);
    }
    await context.close();
  }
  const narrow = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await narrow.goto(`${address}#/sessions/${shownSession}`);
  await narrow.locator('.entry').first().waitFor();
  await save(narrow, 'session-narrow');

  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await page.goto(`${address}#/sessions/${doomed}`);
  await page.locator('.badge', { hasText: 'live' }).waitFor();
  owner.kill('SIGKILL');
  await page.locator('.badge', { hasText: 'owner_died' }).waitFor();
  await save(page, 'owner-died');
  await browser.close();
} finally {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(home, { recursive: true, force: true });
}

async function save(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(target, `${name}.png`) });
  process.stdout.write(`docs/screenshots/${name}.png\n`);
}
