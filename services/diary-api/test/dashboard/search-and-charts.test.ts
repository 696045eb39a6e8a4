import { expect, test } from 'vitest';
import { openDashboard, startOwner, useBrowser } from '../support/dashboard-page.ts';
import { runDiary } from '../support/diary-process.ts';
import { managerOf } from '../support/manager-of.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { fixture } from '../support/transcripts.ts';

const browser = useBrowser();

test('a search marks its words, and a hit leads to its entry, also to the result of a tool', async () => {
  const home = await temporaryHome();
  await runDiary(['import', 'transcripts', fixture('turns.jsonl')], { home });
  const { page } = await openDashboard(browser(), home, '#/search');
  await page.getByRole('searchbox', { name: 'Words' }).fill('flux capacitor failed');
  await page.getByRole('button', { name: 'Search' }).click();
  const hit = page.locator('.hit').first();
  await hit.waitFor();
  expect((await hit.locator('mark').allTextContents()).join(' ').toLowerCase()).toContain('flux');
  await hit.getByRole('link').click();
  await page.locator('.entry.is-found').getByText('1 failed: flux capacitor').waitFor();
});

test('what is searched for is never a command, and nothing found is said', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const { id } = await manager.start({ kind: 'agent', project: 'atlas' });
  await manager.record(id, {
    type: 'message',
    text: 'AND OR NOT near( "<b>bold</b>',
    data: { role: 'user' },
  });
  const { page } = await openDashboard(browser(), home, '#/search');
  const search = async (text: string): Promise<void> => {
    await page.getByRole('searchbox', { name: 'Words' }).fill(text);
    await page.getByRole('searchbox', { name: 'Words' }).press('Enter');
  };
  await search('<b>bold</b> OR');
  await page.locator('.hit').waitFor();
  expect(await page.locator('.snippet b').count()).toBe(0);
  await search('no such words');
  await page.getByText('Nothing that was recorded').waitFor();
});

test('the charts show what there was, also as a table, and follow what comes', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const ended = await manager.start({ kind: 'agent', project: '/home/ada/atlas', agent: 'stand-in' });
  await manager.end(ended.id);
  await startOwner(home);
  const { page } = await openDashboard(browser(), home, '#/charts?days=7');
  const chart = page.locator('.chart', { hasText: 'Started and ended' });
  await chart.getByText('As a table').click();
  const cells = await chart.locator('tbody td').allTextContents();
  expect(cells.map(Number).reduce((left, right) => left + right, 0)).toBe(3);
  await page.locator('.chart', { hasText: 'Sessions by project' }).getByText('atlas').waitFor();
  await page.locator('.chart', { hasText: 'How they ended' }).getByText('completed').waitFor();
  await page.getByRole('link', { name: '24 hours' }).click();
  await expect.poll(() => page.url()).toContain('days=1');
});

test('tokens and their cost are shown by day and for a session', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const { id } = await manager.start({ kind: 'agent', project: 'atlas' });
  const usage = { input_tokens: 1_000_000, output_tokens: 2_000_000 };
  await manager.record(id, {
    type: 'message',
    text: 'done',
    data: { role: 'assistant', model: 'claude-opus-4-1', messageId: 'm1', usage },
    occurredAt: Date.now(),
  });
  const { page } = await openDashboard(browser(), home, '#/charts?days=7');
  await page.locator('.chart', { hasText: 'Tokens' }).waitFor();
  await page.goto(`${page.url().split('#')[0]}#/sessions/${id}`);
  await page.locator('dt', { hasText: 'Tokens' }).waitFor();
  expect(await page.getByText('1M in, 2M out').isVisible()).toBe(true);
});
