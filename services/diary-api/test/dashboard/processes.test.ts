import { isAlive } from '@endwell/proc-guard';
import { expect, test } from 'vitest';
import { openDashboard, useBrowser } from '../support/dashboard-page.ts';
import { orphanTree } from '../support/orphaned-tree.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const browser = useBrowser();

test('a tree that was left behind is shown, and ended after a yes: just what the dialog shows', async () => {
  const survivors = await orphanTree();
  expect(survivors).toHaveLength(2);
  const pid = String(survivors[0]?.pid);
  const { page } = await openDashboard(browser(), await temporaryHome(), '#/processes');
  const card = page.locator('#processes-left .process-card', { hasText: `process ${pid} ` });
  await card.getByText('orphaned', { exact: true }).waitFor();

  const end = card.getByRole('button', { name: `End the tree of process` });
  const dialog = page.getByRole('dialog');
  await end.click();
  await dialog.getByText('sleep 301').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(survivors.map((each) => isAlive(each))).toEqual(['alive', 'alive']);

  await end.click();
  await dialog.getByText('sleep 300').waitFor();
  await dialog.getByRole('button', { name: 'End', exact: true }).click();
  await card.waitFor({ state: 'detached' });
  expect(survivors.map((each) => isAlive(each))).toEqual(['dead', 'dead']);
});
