import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startDiary } from '../support/diary-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';

test('where tokens are needed, a person gives theirs once, and the page with its stream works', async () => {
  const token = 'a-token-for-this-browser';
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const diary = startDiary(['serve', '--port', '0'], {
    home: await temporaryHome(),
    env: { DIARY_API_TOKEN: token },
  });
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(await diary.address());
  const field = page.getByLabel('Token');
  await field.fill('another');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').getByText('not known').waitFor();
  await field.fill(token);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('#connection[data-state="open"]').waitFor();
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(complaints).toEqual([]);
});
