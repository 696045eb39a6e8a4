import { expect, test } from 'vitest';
import { openDashboard, useBrowser } from '../support/dashboard-page.ts';
import { managerOf } from '../support/manager-of.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const browser = useBrowser();
const count = 10_000;

test(
  'a session of 10,000 entries can be read from both ends and at any place',
  { timeout: 240_000 },
  async () => {
    const home = await temporaryHome();
    const manager = managerOf(home);
    const { id } = await manager.start({ kind: 'agent', project: '/home/ada/atlas', agent: 'stand-in' });
    await manager.record(
      id,
      Array.from({ length: count }, (_, index) => ({
        type: index % 3 === 0 ? 'action' : 'message',
        text: `Entry number ${index + 1}: ${'the survey of the northern coast went on. '.repeat(index % 7)}`,
        data: index % 3 === 0 ? { action: 'edit', success: true } : { role: 'assistant' },
      })),
    );
    const { page } = await openDashboard(browser(), home, `#/sessions/${id}`);
    const entry = (sequence: number): string => `.entry[data-sequence="${sequence}"]`;
    await page.locator(entry(1)).waitFor();
    const loaded = (): Promise<number> => page.locator('.entry').count();

    // Scrolling brings all of it, in order; long tasks are what a person feels as jank.
    await page.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
    globalThis.seen = [...document.querySelectorAll('.entry')].map((each) => Number(each.dataset.sequence));
    globalThis.most = 0;
    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const each of addedNodes) if (each.matches?.('.entry')) seen.push(Number(each.dataset.sequence));
      }
      most = Math.max(most, document.querySelectorAll('.entry').length);
    }).observe(document.querySelector('.timeline'), { childList: true });
  `);
    const deadline = Date.now() + 200_000;
    while ((await page.locator(entry(count)).count()) === 0) {
      expect(Date.now()).toBeLessThan(deadline);
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await page.evaluate(
        'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
      );
    }
    expect(await page.evaluate('seen')).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    // However long the session, the page stays small.
    expect(await page.evaluate('most')).toBeLessThanOrEqual(800);
    expect(await loaded()).toBeLessThanOrEqual(600);
    const longTasks = await page.evaluate<number[]>('longTasks');
    console.info(
      `scrolling through ${count} entries: ${longTasks.length} tasks over 50 ms, the longest ${Math.round(Math.max(0, ...longTasks))} ms`,
    );

    await page.goto(`${page.url().split('#')[0]}#/sessions/${id}/entries/7000`);
    await page.locator(`${entry(7000)}.is-found`).waitFor();
    await expect.poll(() => page.locator(entry(7000)).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Load earlier entries' }).click();
    await page.locator(entry(6900)).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Last entry' }).click();
    await page.locator(entry(count)).waitFor();

    // Who is at the end sees what comes.
    await manager.record(id, { type: 'message', text: 'The last word', data: { role: 'assistant' } });
    await page.locator(entry(count + 1)).waitFor();
    await page.getByRole('button', { name: 'First entry' }).click();
    await page.locator(entry(1)).waitFor();
  },
);
