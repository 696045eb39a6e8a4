import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `edw_<id>_<secret>`: the id finds the row, so that no comparison depends on the secret. */
const form = /^edw_([0-9a-f]{12})_([\w-]{43})$/;

export interface TokenSecret {
  readonly id: string;
  /** What the caller keeps; it is shown once and stored nowhere. */
  readonly text: string;
  readonly hash: Buffer;
}

/** 256 random bits need no slow hash: nobody guesses them, and nobody finds them from their digest. */
export function createTokenSecret(): TokenSecret {
  const id = randomBytes(6).toString('hex');
  const text = `edw_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, text, hash: hashSecret(text) };
}

/** The id inside a token's text; undefined when it has not the form of a token. */
export function tokenIdOf(text: string): string | undefined {
  return form.exec(text)?.[1];
}

export function hashSecret(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Takes the same time wherever the two differ, and whatever their lengths. */
export function isSameSecret(left: string | Buffer, right: string | Buffer): boolean {
  const [one, other] = [left, right].map((value) => (typeof value === 'string' ? hashSecret(value) : value));
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
