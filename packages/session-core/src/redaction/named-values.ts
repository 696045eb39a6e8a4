import { isPasswordName, isWorkingFolder, secretNameSource } from './key-like-name.ts';
import type { RedactionMatch } from './redaction-kind.ts';

/**
 * A name, what separates it from its value, and a value, quoted or not: `password: "x"`, `API_KEY=x`,
 * `"token": "x"`, `\"token\": \"x\"`, `--token x`, `password is x`.
 */
const assignment = new RegExp(
  `(?<flag>--[a-z0-9-]{0,30})?(?<name>${secretNameSource}(?:[_-]?(?:value|base64|b64|\\d{1,2}))?)` +
    `(?<separator>\\\\?["'\`]?\\]?(?:\\s{0,4}(?::=|=>|[:=])\\s{0,4}|\\s{1,4}is\\s{1,4}|\\s{1,2}(?=\\S)))` +
    `(?:\\\\?"(?<double>[^"\\\\\\n]{1,2048})|\\\\?'(?<single>[^'\\\\\\n]{1,2048})|\`(?<tick>[^\`\\n]{1,2048})|` +
    `(?<bare>[^\\s"'\`,;(){}[\\]<>]{4,1024})(?<call>\\()?)`,
  'dgi',
);

const placeholder =
  /^(?:[*•x.\-_#?]+|<.*|\[.*|\$.*|%.*%|\{.*|(?:your|my|the|some|insert|enter|example|sample|dummy|fake|test|placeholder)[-_ ].*|(?:example|changeme|change-me|placeholder|redacted|none|null|nil|undefined|true|false|string|number|boolean|required|optional|unknown|any|never|void|object|buffer|bytes|str|int|secret|token|password|passwd|credentials?)[?!.:|]*)$/i;

const environmentLookup =
  /^(?:process|os|env|import|config|settings|secrets|vars|self|this|ctx|req|request|options|opts|args|params|props|state|data|user|session)\b[.[?!]/i;

const identifier = /^[@&*!]{0,2}[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->|\|)[A-Za-z_$][\w$]*)*[?!]?(?:\[\])?$/;

/** Values that stand next to a key-like name. */
export function* findNamedValues(text: string): Generator<RedactionMatch> {
  for (const match of text.matchAll(assignment)) {
    const { flag, name = '', separator = '', call, ...values } = match.groups ?? {};
    const form = (['double', 'single', 'tick', 'bare'] as const).find((each) => values[each] !== undefined);
    const span = form && match.indices?.groups?.[form];
    if (form === undefined || span === undefined) continue;
    const value = values[form] ?? '';
    const given = { name, value, separator, flag: flag !== undefined, at: match.index };
    if (form === 'bare' ? call === undefined && isBareSecret(text, given) : isQuotedSecret(given)) {
      yield { kind: 'named-value', start: span[0], end: span[1] };
    }
  }
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly separator: string;
  readonly flag: boolean;
  readonly at: number;
}

/** A sentence is no secret, unless it is called a passphrase. */
function isQuotedSecret({ name, value, separator, flag }: Assignment): boolean {
  if (value.length < 4 || isPlaceholder(value)) return false;
  if (!/[:=]|\bis\b/i.test(separator) && !flag) return false;
  if (isWorkingFolder(name, value)) return false;
  return /^passphrase$/i.test(name) || !/\s\S+\s/.test(value.trim());
}

function isBareSecret(text: string, { name, value, separator, flag, at }: Assignment): boolean {
  const trimmed = value.replace(/[.:!?\\]{1,3}$/, '');
  if (trimmed.length < 4 || isPlaceholder(trimmed) || environmentLookup.test(trimmed)) return false;
  if (isWorkingFolder(name, trimmed)) return false;
  const tight = /^["'`\]\\]*=$/.test(separator);
  const spoken = /^\s+is\s+$/i.test(separator);
  const digits = /\d/.test(trimmed);
  if (/^\d+$/.test(trimmed)) return isPasswordName(name) && (tight || flag || spoken || trimmed.length >= 6);
  if (!/[:=]|\bis\b/i.test(separator)) return flag && !trimmed.startsWith('-');
  if (spoken) return digits && trimmed.length >= 6;
  if (flag) return true;
  // `PASSWORD=letmein` in a file of settings, `?token=abc` in an address; not `connect(token=token)`.
  const shouted = name === name.toUpperCase() && name !== name.toLowerCase();
  if (tight && shouted) return true;
  if (identifier.test(trimmed) && !digits) {
    const before = text[at - 1] ?? '';
    return (
      tight && trimmed.length >= 6 && /[?&]/.test(text.slice(Math.max(0, at - 40), at)) && before !== '.'
    );
  }
  // Code that calls, indexes or joins; a type such as `string|null` is an identifier here.
  return digits ? trimmed.length >= 6 && !/[|]/.test(trimmed) : trimmed.length >= 12;
}

function isPlaceholder(value: string): boolean {
  return placeholder.test(value.trim().slice(0, 80));
}
