import { applyEdits, type Edit, modify, parse, type ParseError, printParseErrorCode } from 'jsonc-parser';

import { DiaryError } from '../errors/diary-error.ts';
import { isObject, type JsonObject } from '../import/transcript/parse-object.ts';

/**
 * Settings as people write them, with comments and trailing commas; an empty file has none.
 *
 * @throws DiaryError `SETTINGS_INVALID`
 */
export function readJsonSettings(text: string, path: string): JsonObject {
  const errors: ParseError[] = [];
  const root: unknown = parse(text.replace(/^\uFEFF/, ''), errors, {
    allowTrailingComma: true,
    allowEmptyContent: true,
  });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw invalidSettings(path, `line ${line}: ${printParseErrorCode(first.error)}`);
  }
  if (root === undefined) return {};
  if (!isObject(root)) throw invalidSettings(path, 'it is no JSON object');
  return root;
}

/** A part of the settings that has to be an object, or is not there. @throws DiaryError `SETTINGS_INVALID` */
export function objectIn(settings: JsonObject, name: string, path: string): JsonObject {
  const { [name]: part = {} } = settings;
  if (!isObject(part)) throw invalidSettings(path, `${JSON.stringify(name)} is no object`);
  return part;
}

/** The same text with one value changed, written like the rest of it; undefined takes the value out. */
export function changeJson(
  text: string,
  path: (string | number)[],
  value: unknown,
  isInsertion = false,
): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const indent = /^([ \t]+)\S/m.exec(body)?.[1] ?? '  ';
  // The formatter works on whole lines: in a file of one line that would be all of it.
  const isOneLine = !body.trimEnd().includes('\n') && body.trim() !== '{}';
  const edits: Edit[] = modify(body, path, value, {
    isArrayInsertion: isInsertion,
    ...(isOneLine
      ? {}
      : {
          formattingOptions: {
            insertSpaces: !indent.startsWith('\t'),
            tabSize: indent.startsWith('\t') ? 1 : indent.length,
            eol: body.includes('\r\n') ? '\r\n' : '\n',
          },
        }),
  });
  return mark + applyEdits(body, edits);
}

export function invalidSettings(path: string, why: string): DiaryError {
  return new DiaryError(
    'SETTINGS_INVALID',
    `${path} is not read as settings (${why}), and was left as it is.`,
  );
}
