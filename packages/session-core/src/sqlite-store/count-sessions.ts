import type { EndReason } from '../session/end-reason.ts';
import { presentSession } from '../session/session-state.ts';
import { emptyCounts, type CountsInProgress } from '../store/empty-counts.ts';
import { number, rowToSession, selectSession, text } from './session-columns.ts';
import type { Prepare } from './prepare.ts';

export function countSessions(prepare: Prepare, now: number): CountsInProgress {
  const counts = emptyCounts();
  const add = (reason: EndReason | null, count: number): void => {
    if (reason === null) counts.active += count;
    else {
      counts.ended += count;
      counts.byReason[reason] += count;
    }
  };
  const groups = prepare(
    'SELECT end_reason, count(*) AS count, sum(entry_count) AS entries FROM sessions GROUP BY end_reason',
  ).all();
  for (const row of groups) {
    add(text(row, 'end_reason') as EndReason | null, number(row, 'count'));
    counts.entries += number(row, 'entries');
  }
  // What is past its deadline and not stored as ended yet.
  const due = prepare(`${selectSession} WHERE ended_at IS NULL AND check_at <= :now`).all({ now });
  for (const row of due) {
    const { endReason } = presentSession(rowToSession(row), now);
    if (endReason === null) continue;
    add(null, -1);
    add(endReason, 1);
  }
  return counts;
}
