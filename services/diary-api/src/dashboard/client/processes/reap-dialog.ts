import { api } from '../api.ts';
import { confirmInDialog } from '../elements/confirm-dialog.ts';
import { element } from '../elements/element.ts';
import { processTree } from './process-tree.ts';

/**
 * Shows what would be ended, asks, and ends just that: the server refuses when it would be something else by now.
 */
export async function reapInDialog(
  pids: readonly number[] | undefined,
  refresh: () => Promise<void>,
): Promise<void> {
  const preview = await api.previewReap(pids);
  if (preview.items.length === 0) {
    const refusals = preview.refused.map(({ pid, reason }) => `Process ${pid}: ${reason}.`);
    await refresh();
    throw new Error(['Nothing is to be ended any more.', ...refusals].join(' '));
  }
  const count = preview.items.reduce((sum, { members }) => sum + members.length, 0);
  const confirmed = await confirmInDialog({
    title: count === 1 ? 'End this process?' : `End these ${count} processes?`,
    body: [
      ...preview.items.map((item) =>
        element('section', {}, element('p', {}, item.reason), processTree(item.members)),
      ),
      ...preview.refused.map(({ pid, reason }) =>
        element('p', { class: 'quiet' }, `Process ${pid} is not touched: ${reason}.`),
      ),
      element('p', { class: 'quiet' }, 'Each is asked to end, and killed after two seconds.'),
    ],
    action: 'End',
  });
  if (!confirmed) return;
  const { items } = await api.reap(pids, preview.planId);
  const left = items.flatMap((item) => item.left);
  await refresh();
  if (left.length > 0) throw new Error(`Still there: ${left.join(', ')}.`);
}
