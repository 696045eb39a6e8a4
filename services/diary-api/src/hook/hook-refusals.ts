import type { ComponentDatabase } from '@endwell/session-core/sqlite';

/** How often a hook had nothing stored because a limit was reached. */
export interface HookRefusals {
  /** The code of the error, such as `SESSION_QUOTA`. */
  readonly code: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

/** A hook never fails its agent, so what it was refused is counted here for people to see. */
export async function countHookRefusal(
  database: ComponentDatabase,
  code: string,
  now: number,
): Promise<void> {
  await database.write((db) =>
    db
      .prepare(
        `INSERT INTO diary_hook_refusals (code, count, last_at) VALUES (?, 1, ?)
         ON CONFLICT (code) DO UPDATE SET count = count + 1, last_at = max(last_at, excluded.last_at)`,
      )
      .run(code, now),
  );
}

export async function readHookRefusals(database: ComponentDatabase): Promise<HookRefusals[]> {
  const rows = await database.read((db) =>
    db.prepare('SELECT code, count, last_at FROM diary_hook_refusals ORDER BY code').all(),
  );
  return rows.map((row) => ({
    code: String(row['code']),
    count: Number(row['count']),
    lastAt: Number(row['last_at']),
  }));
}
