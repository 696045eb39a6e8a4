import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import { DiaryError } from '../errors/diary-error.ts';
import { TOKEN_SCOPES, type TokenScope } from './token-scope.ts';
import { createTokenSecret, isSameSecret, tokenIdOf } from './token-secret.ts';

/** A token as it is stored: never its secret. Times are milliseconds since 1970. */
export interface Token {
  readonly id: string;
  /** For people: whose it is, or what for. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAt: number;
  /** Null for one that does not expire. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export interface NewToken {
  /** 1 to 100 characters. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** @defaultValue null, which never expires */
  readonly expiresAt?: number | null | undefined;
}

export interface TokenStore {
  /**
   * Makes a token. `secret` is what the caller keeps; it cannot be shown again.
   *
   * @throws DiaryError `INVALID_ARGUMENT`
   */
  create(token: NewToken): Promise<{ readonly token: Token; readonly secret: string }>;
  /** Oldest first, also those that are revoked or expired. */
  list(): Promise<Token[]>;
  /**
   * From the next request on it is refused. Revoking again changes nothing.
   *
   * @throws DiaryError `TOKEN_NOT_FOUND`
   */
  revoke(id: string): Promise<Token>;
  /** The token that a caller showed; undefined when it is unknown, revoked or expired. */
  verify(secret: string): Promise<Token | undefined>;
  /** Whether any token would be let in. */
  hasUsable(): Promise<boolean>;
}

/** Tokens in the tables of `openDiaryDatabase`. Only digests are stored. */
export function createTokenStore(
  database: ComponentDatabase,
  now: () => number = () => Date.now(),
): TokenStore {
  return {
    async create({ name, scopes, expiresAt = null }) {
      check(name, scopes, expiresAt, now());
      const secret = createTokenSecret();
      const token: Token = {
        id: secret.id,
        name,
        scopes: TOKEN_SCOPES.filter((scope) => scopes.includes(scope)),
        createdAt: now(),
        expiresAt,
        revokedAt: null,
      };
      await database.write((db) =>
        db
          .prepare(
            'INSERT INTO diary_tokens (id, name, scopes, secret_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
          )
          .run(token.id, name, token.scopes.join(' '), secret.hash, token.createdAt, expiresAt),
      );
      return { token, secret: secret.text };
    },

    list: () =>
      database.read((db) =>
        db.prepare('SELECT * FROM diary_tokens ORDER BY created_at, id').all().map(rowToToken),
      ),

    async revoke(id) {
      const row = await database.write((db) =>
        db
          .prepare('UPDATE diary_tokens SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING *')
          .get(now(), id),
      );
      if (row === undefined)
        throw new DiaryError('TOKEN_NOT_FOUND', `There is no token ${JSON.stringify(id)}.`);
      return rowToToken(row);
    },

    async verify(secret) {
      const id = tokenIdOf(secret);
      if (id === undefined) return undefined;
      const row = await database.read((db) => db.prepare('SELECT * FROM diary_tokens WHERE id = ?').get(id));
      if (row === undefined || !isSameSecret(secret, Buffer.from(row['secret_hash'] as Uint8Array)))
        return undefined;
      const token = rowToToken(row);
      return isUsable(token, now()) ? token : undefined;
    },

    async hasUsable() {
      const row = await database.read((db) =>
        db
          .prepare(
            'SELECT 1 FROM diary_tokens WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) LIMIT 1',
          )
          .get(now()),
      );
      return row !== undefined;
    },
  };
}

function isUsable(token: Token, now: number): boolean {
  return token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
}

function check(name: string, scopes: readonly TokenScope[], expiresAt: number | null, now: number): void {
  // oxlint-disable-next-line no-control-regex
  if (name.trim() === '' || name.length > 100 || /[\u0000-\u001f\u007f-\u009f]/.test(name)) {
    throw new DiaryError('INVALID_ARGUMENT', 'The name of a token has 1 to 100 characters on one line.');
  }
  if (scopes.length === 0 || scopes.some((scope) => !TOKEN_SCOPES.includes(scope))) {
    throw new DiaryError(
      'INVALID_ARGUMENT',
      `A token has one or more of the scopes ${TOKEN_SCOPES.join(', ')}.`,
    );
  }
  if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw new DiaryError('INVALID_ARGUMENT', 'A token expires in the future or not at all.');
  }
}

function rowToToken(row: Record<string, unknown>): Token {
  return {
    id: String(row['id']),
    name: String(row['name']),
    scopes: String(row['scopes']).split(' ') as TokenScope[],
    createdAt: Number(row['created_at']),
    expiresAt: row['expires_at'] === null ? null : Number(row['expires_at']),
    revokedAt: row['revoked_at'] === null ? null : Number(row['revoked_at']),
  };
}
