import type { StoreOutlook } from '../store/session-store.ts';
import { number, text } from './session-columns.ts';
import type { Prepare } from './prepare.ts';

/** Steps from one owner to the next in the index, whatever the number of sessions of each. */
const ownersSql = `
  WITH RECURSIVE owners (identity) AS (
    SELECT min(owner_identity) FROM sessions WHERE ended_at IS NULL AND owner_identity IS NOT NULL
    UNION ALL
    SELECT (SELECT min(owner_identity) FROM sessions
            WHERE ended_at IS NULL AND owner_identity IS NOT NULL AND owner_identity > owners.identity)
    FROM owners WHERE owners.identity IS NOT NULL
  )
  SELECT identity FROM owners WHERE identity IS NOT NULL`;

export function readNextCheckAt(prepare: Prepare, owner: string | null): number | null {
  const row =
    owner === null
      ? prepare('SELECT min(check_at) AS at FROM sessions WHERE ended_at IS NULL').get()
      : prepare(
          'SELECT min(check_at) AS at FROM sessions WHERE owner_identity = :owner AND ended_at IS NULL',
        ).get({ owner });
  const checkAt = row?.['at'];
  return typeof checkAt === 'number' ? checkAt : null;
}

export function readOutlook(prepare: Prepare): StoreOutlook {
  return {
    nextCheckAt: readNextCheckAt(prepare, null),
    owners: prepare(ownersSql)
      .all()
      .map((row) => text(row, 'identity') ?? ''),
    leases: new Map(
      prepare('SELECT identity, until FROM owner_leases')
        .all()
        .map((row) => [text(row, 'identity') ?? '', row['until'] === null ? null : number(row, 'until')]),
    ),
  };
}
