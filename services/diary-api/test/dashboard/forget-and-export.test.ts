import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { openDashboard, rowOf, startOwner, useBrowser } from '../support/dashboard-page.ts';
import { runDiary } from '../support/diary-process.ts';
import { managerOf } from '../support/manager-of.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { fixture } from '../support/transcripts.ts';

const browser = useBrowser();

test('a session is forgotten after a yes, and not before', async () => {
  const home = await temporaryHome();
  const { sessionId } = await startOwner(home);
  const { page, complaints } = await openDashboard(browser(), home, `#/sessions/${sessionId}`);
  await page.getByRole('button', { name: 'Forget …' }).click();
  await page.getByRole('dialog').getByText('still active').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.entry').waitFor();

  await page.getByRole('button', { name: 'Forget …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget', exact: true }).click();
  await page.getByText('Nothing is running.').waitFor();
  expect(await page.locator(rowOf(sessionId, 'ended')).count()).toBe(0);
  await page.goto(`${page.url().split('#')[0]}#/sessions/${sessionId}`);
  await page.getByRole('heading', { name: 'There is no such session' }).waitFor();
  expect(complaints.splice(0).every((complaint) => complaint.includes('404'))).toBe(true);
});

test('what is forgotten elsewhere goes from a page that is open', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const [kept, gone] = await Promise.all([
    manager.start({ kind: 'agent', project: 'atlas' }),
    manager.start({ kind: 'agent', project: 'tides' }),
  ]);
  const { page } = await openDashboard(browser(), home);
  await page.locator(rowOf(gone.id, 'active')).waitFor();
  await manager.purge({ sessionId: gone.id }, { endActive: true });
  await page.locator(`[data-session-id="${gone.id}"]`).first().waitFor({ state: 'detached' });
  expect(await page.locator(rowOf(kept.id, 'active')).count()).toBe(1);

  await page.locator(rowOf(kept.id, 'active')).getByRole('link').click();
  await page.getByRole('heading', { name: 'atlas' }).waitFor();
  await manager.purge({ sessionId: kept.id }, { endActive: true });
  await page.getByRole('heading', { name: 'There is no such session' }).waitFor();
});

test('an entry is forgotten, and its place stays', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const { id } = await manager.start({ kind: 'agent', project: 'atlas', agent: 'stand-in' });
  const texts = ['the first', 'the unspeakable', 'the last'];
  await manager.record(
    id,
    texts.map((text) => ({ type: 'message', text, data: { role: 'user' } })),
  );
  const { page } = await openDashboard(browser(), home, `#/sessions/${id}`);
  const said = (text: string): Locator => page.locator('.timeline').getByText(text);
  await said('the unspeakable').hover();
  await page.getByRole('button', { name: 'Forget entry 2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget', exact: true }).click();
  await said('the unspeakable').waitFor({ state: 'detached' });
  await said('the first').waitFor();
  await said('the last').waitFor();
  expect(await page.locator('.entry[data-sequence="2"]').count()).toBe(1);
});

test('a session is exported as Markdown and as JSON Lines', async () => {
  const home = await temporaryHome();
  await runDiary(['import', 'transcripts', fixture('turns.jsonl')], { home });
  const { page } = await openDashboard(browser(), home);
  await page.locator('#ended-sessions').getByRole('link').first().click();
  for (const [name, extension] of [
    ['Export as Markdown', 'md'],
    ['as JSON Lines', 'jsonl'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(new RegExp(`\\.${extension}$`));
    const content = await readFile(await file.path(), 'utf8');
    expect(content).toContain('flux capacitor');
    if (extension === 'jsonl') for (const line of content.trim().split('\n')) JSON.parse(line);
  }
});
