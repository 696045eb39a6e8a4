import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchBrowser } from './browser.ts';
import { startDiary } from './diary-process.ts';

/** One browser for the tests of a file. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error('the browser is started before the first test');
    return browser;
  };
}

export interface DashboardPage {
  readonly page: Page;
  readonly address: string;
  /** What the browser complained of; what is left of it at the end fails the test. */
  readonly complaints: string[];
}

/** The dashboard in a page that fails the test on any error, and on any request to another place. */
export async function openDashboard(
  browser: Browser,
  home: string,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<DashboardPage> {
  const diary = startDiary(['serve', '--port', '0'], { home });
  const address = await diary.address();
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked for ${request.url()}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(`${address}${hash}`);
  await page.locator('#connection[data-state="open"]').waitFor();
  return { page, address, complaints };
}

export interface Owner {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly sessionId: string;
}

/** A real process that owns a session in the same database. */
export async function startOwner(home: string): Promise<Owner> {
  const program = join(import.meta.dirname, 'session-owner.ts');
  const child = spawn(process.execPath, ['--conditions=@endwell/source', program], {
    env: { PATH: process.env['PATH'], HOME: home, ENDWELL_HOME: join(home, 'data') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, sessionId: output.toString().trim().replace('ready ', '') };
}

/** Where a session's row is, in the list of live or of ended sessions. */
export function rowOf(sessionId: string, state: 'active' | 'ended'): string {
  return `[data-session-id="${sessionId}"][data-state="${state}"]`;
}
