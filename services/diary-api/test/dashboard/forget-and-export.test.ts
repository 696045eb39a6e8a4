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

test('an entry that is forgotten elsewhere goes from an open page, a call and its result each for itself', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const { id } = await manager.start({ kind: 'agent', project: 'atlas', agent: 'stand-in' });
  await manager.record(id, [
    { type: 'message', text: 'unspeakable words', data: { role: 'user' } },
    ...['first', 'second'].flatMap((name) => [
      {
        type: 'action',
        text: `Read: ${name} path`,
        data: { action: 'Read', toolUseId: name },
      },
      {
        type: 'message',
        text: `${name} content`,
        data: { role: 'tool_result', toolUseId: name },
      },
    ]),
  ]);
  const { page } = await openDashboard(browser(), home, `#/sessions/${id}`);
  const at = (sequence: number): Locator => page.locator(`.entry[data-sequence="${sequence}"]`);
  const journal = page.locator('.timeline');
  await at(4).getByText('Result').waitFor();
  expect(await page.locator('.entry').count()).toBe(3);

  await manager.purge({ sessionId: id, sequence: 1 });
  await at(1).getByText('Forgotten.').waitFor();
  expect(await journal.textContent()).not.toContain('unspeakable');
  expect(await page.getByRole('button', { name: 'Forget entry 1', exact: true }).count()).toBe(0);

  await manager.purge({ sessionId: id, sequence: 2 });
  await at(2).getByText('Forgotten.').waitFor();
  await at(3).getByText('first content').waitFor();
  expect(await journal.textContent()).not.toContain('first path');

  await manager.purge({ sessionId: id, sequence: 5 });
  await at(5).getByText('Forgotten.').waitFor();
  expect(await journal.textContent()).not.toContain('second content');
  await at(4).getByText('second path').waitFor();
  expect(
    await page.locator('.entry').evaluateAll((items) => items.map((item) => item.dataset['sequence'])),
  ).toEqual(['1', '2', '3', '4', '5']);
});

test('a hit that is forgotten elsewhere goes from an open search', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const [one, other] = await Promise.all(
    ['atlas', 'tides'].map((project) => manager.start({ kind: 'agent', project })),
  );
  for (const session of [one, other]) {
    await manager.record(session?.id ?? '', [
      { type: 'message', text: 'a zebra', data: { role: 'user' } },
      { type: 'message', text: 'another zebra', data: { role: 'user' } },
    ]);
  }
  const { page } = await openDashboard(browser(), home, '#/search?text=zebra');
  await page.getByText('4 entries, the best first.').waitFor();
  await manager.purge({ sessionId: one?.id ?? '', sequence: 2 });
  await page.getByText('3 entries, the best first.').waitFor();
  await manager.purge({ sessionId: other?.id ?? '' }, { endActive: true });
  await page.getByText('1 entry, the best first.').waitFor();
  expect(await page.locator('.hit').textContent()).toContain('atlas, entry 1');
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
