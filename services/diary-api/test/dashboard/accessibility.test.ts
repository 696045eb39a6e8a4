import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openDashboard, startOwner, useBrowser } from '../support/dashboard-page.ts';
import { runDiary } from '../support/diary-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { fixture } from '../support/transcripts.ts';

const browser = useBrowser();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};

/** Each violation with the place it is at, whatever its weight: the page has none to get used to. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return results.violations.map(
    ({ id, impact, help, nodes }) => `${impact} ${id}: ${help}: ${nodes[0]?.target.join(' ')}`,
  );
}

const settings = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const;

test.for(settings)('no page has an axe-core violation: %s, %i pixels wide', async ([colorScheme, width]) => {
  const home = await temporaryHome();
  await runDiary(['import', 'transcripts', fixture('turns.jsonl'), fixture('sub-agents.jsonl')], { home });
  const { sessionId } = await startOwner(home);
  const { page } = await openDashboard(browser(), home, '', {
    colorScheme,
    viewport: { width, height: 800 },
  });
  const pages = [
    ['#/', '.sessions tbody tr'],
    [`#/sessions/${sessionId}`, '.entry'],
    ['#/search?text=flux', '.hit'],
    ['#/charts?days=365', '.chart'],
    ['#/processes', '#processes-guarded'],
  ] as const;
  for (const [hash, ready] of pages) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.locator(ready).first().waitFor();
    expect(await violations(page), hash).toEqual([]);
    // Nothing sticks out at the side.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), hash).toBe(true);
  }
  await page.evaluate(`location.hash = '#/sessions/${sessionId}'`);
  await page.getByRole('button', { name: 'Forget …' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await violations(page), 'the dialog').toEqual([]);
});

test('every page can be reached and used with the keyboard alone', async () => {
  const home = await temporaryHome();
  await runDiary(['import', 'transcripts', fixture('turns.jsonl')], { home });
  const { page } = await openDashboard(browser(), home);
  const { keyboard } = page;
  await page.locator('.sessions tbody tr').first().waitFor();

  await keyboard.press('/');
  await page.getByRole('heading', { name: 'Search' }).waitFor();
  await keyboard.type('flux');
  await keyboard.press('Enter');
  await page.locator('.hit mark').first().waitFor();
  const tabTo = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await keyboard.press('Tab');
      const focused = await page.evaluate('document.activeElement?.textContent ?? ""');
      if (String(focused).includes(name)) return;
    }
    throw new Error(`the keyboard does not reach ${name}`);
  };
  await tabTo('entry ');
  await keyboard.press('Enter');
  await page.locator('.entry.is-found').waitFor();
  expect(await page.evaluate('document.activeElement?.classList.contains("is-found")')).toBe(true);

  await page.getByRole('button', { name: 'Forget …' }).focus();
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  // Escape and a stray Enter both do nothing.
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('.entry').first().waitFor();
});
