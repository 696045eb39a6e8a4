import { expect, onTestFinished, test } from 'vitest';
import { openDashboard, rowOf, startOwner, useBrowser } from '../support/dashboard-page.ts';
import { runDiary, startDiary } from '../support/diary-process.ts';
import { managerOf } from '../support/manager-of.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { fixture } from '../support/transcripts.ts';

const browser = useBrowser();

test('kill -9 of the owner is owner_died on the page within a second, without a reload', async () => {
  const home = await temporaryHome();
  const { page } = await openDashboard(browser(), home);
  await page.getByText('Nothing is running.').waitFor();
  const { child, sessionId } = await startOwner(home);
  await page.locator(`#live-sessions ${rowOf(sessionId, 'active')}`).waitFor();
  // A mark that a reload would wipe out.
  await page.evaluate('globalThis.stillTheSamePage = true');

  // The page's own clock tells when the row was there; the deadline of the test is ten times the promise.
  const seenAt = page.evaluate(
    `new Promise((resolve) => {
      const look = () => document.querySelector('#ended-sessions ${rowOf(sessionId, 'ended')}') && resolve(Date.now());
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    })`,
  );
  const killedAt = Date.now();
  child.kill('SIGKILL');
  const elapsedMs = ((await seenAt) as number) - killedAt;
  console.info(`kill -9 to owner_died on the page: ${elapsedMs} ms`);
  expect(elapsedMs).toBeLessThan(10_000);
  expect(await page.locator(rowOf(sessionId, 'ended')).textContent()).toContain('owner_died');
  expect(await page.locator(rowOf(sessionId, 'active')).count()).toBe(0);
  expect(await page.evaluate('globalThis.stillTheSamePage')).toBe(true);
});

test("a session's page grows while it is open, shows its end, and treats text as text", async () => {
  const home = await temporaryHome();
  const { child, sessionId } = await startOwner(home);
  const { page } = await openDashboard(browser(), home);
  await page.locator(rowOf(sessionId, 'active')).getByRole('link').press('Enter');
  await page.getByRole('heading', { name: 'atlas' }).waitFor();
  await page.getByText('<img src=x onerror="document.title=1"> hello').waitFor();
  expect(await page.locator('main img').count()).toBe(0);

  child.stdin.write('Changed the map\n');
  await page.locator('.entry[data-type="action"]', { hasText: 'Changed the map' }).waitFor();
  child.stdin.write('end\n');
  await page.locator('.detail-head .badge', { hasText: 'completed' }).waitFor();
  expect(await page.locator('.entry').count()).toBe(2);

  await page.getByRole('button', { name: 'Actions' }).click();
  expect(await page.locator('.entry:visible').count()).toBe(1);
  await page.goBack();
  await page.locator(`#ended-sessions ${rowOf(sessionId, 'ended')}`).waitFor();
});

test('a live session is called by its first prompt as soon as that is there', async () => {
  const home = await temporaryHome();
  const manager = managerOf(home);
  const { id } = await manager.start({ kind: 'agent', project: 'atlas' });
  const { page } = await openDashboard(browser(), home);
  await page.locator(rowOf(id, 'active')).waitFor();
  await manager.record(id, { type: 'message', text: 'Draw the harbour\nat night', data: { role: 'user' } });
  await page.locator(rowOf(id, 'active')).getByText('Draw the harbour', { exact: true }).waitFor();
  await page.locator(rowOf(id, 'active')).getByRole('link').click();
  expect(await page.locator('.detail-subject').textContent()).toBe('Draw the harbour');
});

test('an imported session is shown ended, with its calls and their results', async () => {
  const home = await temporaryHome();
  await runDiary(['import', 'transcripts', fixture('turns.jsonl'), fixture('sub-agents.jsonl')], { home });
  const { page } = await openDashboard(browser(), home);
  const imported = page.locator('#ended-sessions tr', { hasText: 'imported' });
  await expect.poll(() => imported.count()).toBe(4);
  await imported
    .filter({ has: page.locator('td[data-label="Entries"]', { hasText: /^7$/ }) })
    .getByRole('link')
    .click();
  const call = page.locator('.entry[data-type="action"]', { hasText: 'npm test' });
  await call.getByText('failed', { exact: true }).waitFor();
  await call.locator('summary', { hasText: 'Error' }).click();
  await call.getByText('1 failed: flux capacitor').waitFor();

  await page.goBack();
  await page.locator('tr', { hasText: 'sub-agent a1b2' }).getByRole('link').click();
  await page.locator('dt', { hasText: 'Part of' }).waitFor();
});

test('a lost connection is said, and what was missed is there when it is back', async () => {
  const home = await temporaryHome();
  const first = startDiary(['serve', '--port', '0'], { home });
  const address = await first.address();
  const context = await browser().newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('#connection[data-state="open"]').waitFor();

  first.child.kill('SIGTERM');
  await first.ended;
  await page.locator('#connection[data-state="lost"]').waitFor();
  const { sessionId } = await startOwner(home);
  const second = startDiary(['serve', '--port', new URL(address).port], { home });
  await second.address();
  await page.locator('#connection[data-state="open"]').waitFor();
  await page.locator(rowOf(sessionId, 'active')).waitFor();
  expect(await page.locator('.notice').count()).toBe(0);
});
