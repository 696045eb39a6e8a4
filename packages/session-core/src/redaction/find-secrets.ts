import { findNamedValues } from './named-values.ts';
import type { RedactionKind, RedactionMatch } from './redaction-kind.ts';
import { tokenShapes } from './token-shapes.ts';

/** Without any of these there is nothing to find, which is so for most texts. */
const hint =
  /-----BEGIN|A(?:KIA|SIA|BIA|CCA)|AIza|AGE-|gh[pousr]_|github_pat|gl[a-z]{2,5}-|xox|xapp|hooks\.|[rs]k[-_]|whsec|hf_|gsk_|r8_|xai-|ya29|GOCSPX|npm_|pypi-|do[opr]_v1|dapi|shp|hv[bs]\.|lin_api|dckr|sntrys|vercel_|SG\.|key-|xkeysib|:AA|eyJ|[Aa]uthorization|AUTHORIZATION|[Bb]earer|[Cc]ookie|COOKIE|:\/\/|[Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Kk]ey|KEY|[Cc]redential|CREDENTIAL/;

const authorization =
  /\b(?:proxy-)?authorization\\?["'`]?\s{0,4}[:=]\s{0,4}\\?["'`]?(?<scheme>(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s{1,4})?(?<value>[^\s"'`,;\\]{6,8192})/dgi;
const bearer = /\bbearer\s{1,4}(?<value>[A-Za-z0-9._~+/-]{16,8192}={0,2})/dgi;
const cookie =
  /\b(?:set-)?cookie\\?["'`]?\s{0,4}:\s{0,4}\\?["'`]?[\w.-]{1,64}=(?<value>[^\s"'`;\\]{8,4096})/dgi;
const urlPassword = /:\/\/[^\s/:@"'<>]{0,128}:(?<value>[^\s/@"'<>]{1,256})@/dg;
const unset = /^(?:\*+|\.+|x+|\$.*|\{.*|<.*|%.*%|\[.*)$/i;

/** What looks like a secret, in order and without overlaps. Time grows with the length of the text only. */
export function findSecrets(text: string, kinds: ReadonlySet<RedactionKind>): RedactionMatch[] {
  if (!hint.test(text)) return [];
  const found: RedactionMatch[] = [...findPrivateKeys(text)];
  for (const [kind, shape] of tokenShapes) {
    for (const match of text.matchAll(shape)) {
      found.push({ kind, start: match.index, end: match.index + match[0].length });
    }
  }
  for (const match of text.matchAll(authorization)) {
    const { scheme, value = '' } = match.groups ?? {};
    if (scheme !== undefined || isOpaque(value)) found.push(...valueOf(match, 'authorization-header'));
  }
  for (const match of text.matchAll(bearer)) {
    if (isOpaque(match.groups?.['value'] ?? '')) found.push(...valueOf(match, 'authorization-header'));
  }
  for (const match of text.matchAll(cookie)) found.push(...valueOf(match, 'cookie-header'));
  for (const match of text.matchAll(urlPassword)) found.push(...valueOf(match, 'url-password'));
  found.push(...findNamedValues(text));
  return withoutOverlaps(found.filter(({ kind }) => kinds.has(kind)));
}

/** By searching, not by a pattern: a key that was cut off goes on to the end of the text. */
function* findPrivateKeys(text: string): Generator<RedactionMatch> {
  const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    end.lastIndex = begin.lastIndex;
    const closing = end.exec(text);
    const until = closing === null ? text.length : end.lastIndex;
    yield { kind: 'private-key', start: match.index, end: until };
    begin.lastIndex = until;
  }
}

function* valueOf(match: RegExpExecArray, kind: RedactionKind): Generator<RedactionMatch> {
  const span = match.indices?.groups?.['value'];
  if (span === undefined || unset.test(match.groups?.['value'] ?? '')) return;
  yield { kind, start: span[0], end: span[1] };
}

/** Words have few digits. */
function isOpaque(value: string): boolean {
  return value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** The earlier one counts, of two at one place the longer; what sticks out of both goes too. */
function withoutOverlaps(found: readonly RedactionMatch[]): RedactionMatch[] {
  const kept: RedactionMatch[] = [];
  for (const match of found.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = kept.at(-1);
    if (last === undefined || match.start >= last.end) kept.push(match);
    else if (match.end > last.end) kept[kept.length - 1] = { ...last, end: match.end };
  }
  return kept;
}
