const MAX_LENGTH = 120;

/** The first line of a prompt, for lists. Undefined for one that a person did not write. */
export function titleOfPrompt(text: string | null): string | undefined {
  const line = (text ?? '')
    .split('\n')
    .map((each) => each.trim())
    .find((each) => each !== '');
  // Commands and their output, reminders and pasted context come in marks, or say so.
  if (line === undefined || /^(?:<|\[|Caveat:)/.test(line)) return undefined;
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH - 1).toWellFormed()}…`;
}
