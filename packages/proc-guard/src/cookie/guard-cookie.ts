import { isProcGuardError } from '../errors/proc-guard-error.ts';
import { formatIdentity, parseIdentity, type ProcessIdentity } from '../identity/process-identity.ts';

/** The environment variable that a guarded process and all its descendants carry. */
export const guardCookieName = 'ENDWELL_GUARD';

/** One guard, as its tree's environment names it. */
export interface GuardCookie {
  /** Whose end is the end of the tree. */
  readonly owner: ProcessIdentity;
  readonly guardPid: number;
  readonly guardStartTime: number;
}

const maxCookies = 64;

export function formatGuardCookie(cookie: GuardCookie): string {
  return `${formatIdentity(cookie.owner)}/${cookie.guardPid}.${cookie.guardStartTime}`;
}

/**
 * The guards that an environment names, the outermost first and the nearest last. Anybody can
 * write anything into an environment: what is malformed is left out, and what is well-formed only
 * says what the process claims. Nothing is ended for its cookie alone without a look at its guard.
 */
export function parseGuardCookies(text: string): readonly GuardCookie[] {
  const cookies: GuardCookie[] = [];
  for (const part of text.split(',').slice(-maxCookies)) {
    const cookie = parseGuardCookie(part);
    if (cookie !== undefined) cookies.push(cookie);
  }
  return cookies;
}

function parseGuardCookie(text: string): GuardCookie | undefined {
  const match = /^([^/]+)\/(\d{1,10})\.(\d{1,15})$/.exec(text);
  const [, owner, guardPid, guardStartTime] = match ?? [];
  if (owner === undefined) return undefined;
  try {
    return {
      owner: parseIdentity(owner),
      guardPid: Number(guardPid),
      guardStartTime: Number(guardStartTime),
    };
  } catch (error) {
    if (isProcGuardError(error)) return undefined;
    throw error;
  }
}

const maxCookieLength = 4_096;

/** The environment's cookie text with one guard more; what is malformed or too long there is dropped. */
export function appendGuardCookie(existing: string | undefined, cookie: GuardCookie): string {
  const text = formatGuardCookie(cookie);
  if (existing === undefined || existing === '') return text;
  const appended = `${existing},${text}`;
  const wellFormed = existing.split(',').every((part) => parseGuardCookie(part) !== undefined);
  return wellFormed && appended.length <= maxCookieLength ? appended : text;
}
