/** The ends of names whose values are secret, in any spelling: `DB_PASSWORD`, `clientSecret`, `api-key`. */
export const secretNameSource: string =
  '(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credentials?|' +
  '(?:api|access|account|private|secret|auth|shared|encryption|signing|master|license)[_\\- ]?key)';

const keyLikeName = new RegExp(`${secretNameSource}(?:s|[_-]?(?:value|base64|b64|\\d{1,2}))?$`, 'i');
const counted = /tokens$/i;
const passwordName = /(?:pass(?:word|wd|phrase|code)|pwd)s?$/i;

/** True for the name of a field whose value is to be redacted. Tokens in the plural are counted, not kept secret. */
export function isKeyLikeName(name: string): boolean {
  // A name is short; whatever is longer is content.
  return name.length <= 128 && keyLikeName.test(name) && !counted.test(name);
}

/** `pwd` is also how shells and tools name the folder that they are in. */
export function isWorkingFolder(name: string, value: string): boolean {
  return /pwd$/i.test(name) && /^(?:[/~.]|[A-Za-z]:[\\/])/.test(value);
}

export function isPasswordName(name: string): boolean {
  return passwordName.test(name);
}
