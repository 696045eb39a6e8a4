export interface HookCommandLine {
  readonly node: string;
  /** The first file of the hook. */
  readonly program: string;
  readonly agent: string;
  readonly context: boolean;
  /** The data folder, where it is not the one that the agent's own environment would lead to. */
  readonly home: string | undefined;
}

/** By absolute paths: an agent often runs hooks without the shell's PATH. */
export function formatHookCommand({ node, program, agent, context, home }: HookCommandLine): string {
  return [
    quote(node),
    quote(program),
    '--agent',
    agent,
    ...(context ? ['--context'] : []),
    ...(home === undefined ? [] : ['--home', quote(home)]),
  ].join(' ');
}

/** The files that a command of ours names; undefined for a command that is none of ours. */
export function filesOfHookCommand(command: string): readonly string[] | undefined {
  const words = splitWords(command);
  const program = words.findIndex((word, index) => {
    const name = /[^\\/]*$/.exec(word)?.[0];
    return (
      name === 'diary-hook.cjs' || ((name === 'diary' || name === 'diary.js') && words[index + 1] === 'hook')
    );
  });
  return program < 0 ? undefined : words.slice(0, program + 1);
}

/** As a POSIX shell takes it back apart. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function splitWords(command: string): string[] {
  return [...command.matchAll(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:\\.|[^"\\])*")+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_all, single, double, escaped) =>
      String(single ?? double?.replaceAll(/\\(.)/g, '$1') ?? escaped ?? ''),
    ),
  );
}
