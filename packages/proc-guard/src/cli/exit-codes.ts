/** The exit codes of the command line, as `--help` and the README list them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  alreadyRunning: 75,
  guardFailed: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

export const exitCodeTable: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done; for run and exec: the command ended with 0'],
  ['1', 'something could not be done or is missing, and the output says what; or the command ended with 1'],
  ['2', 'the command line is wrong'],
  ['75', 'run --single-instance: another guard holds the name'],
  ['125', 'the guard cannot do its work: the containment, the client or the kernel is not what it needs'],
  ['126', 'the command was found and cannot be executed'],
  ['127', 'the command was not found'],
  ['128+n', 'as shells show it: the command was ended by signal n, and so was the guard'],
  ['other', "the command's own"],
];
