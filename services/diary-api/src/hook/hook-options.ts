import { DiaryError } from '../errors/diary-error.ts';

export const HOOK_AGENTS = ['claude-code', 'codex'] as const;

export interface HookOptions {
  readonly agent: (typeof HOOK_AGENTS)[number] | undefined;
  /** Whether an agent is told of the sessions before at its start. */
  readonly context: boolean;
  readonly home: string | undefined;
}

/** Parsed by hand: a hook runs at every turn, and the parser of the other commands takes longer than all of it. */
export function parseHookOptions(args: readonly string[]): HookOptions {
  let agent: HookOptions['agent'];
  let context = false;
  let home: string | undefined;
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, inline] = word.startsWith('--') ? splitFlag(word) : [word, undefined];
    if (name === '--context' && inline === undefined) context = true;
    else if (name === '--agent') agent = agentNamed(inline ?? rest.shift());
    else if (name === '--home') home = inline ?? rest.shift();
    else throw new DiaryError('INVALID_ARGUMENT', `${word} is not known; diary hook --help shows what is.`);
  }
  return { agent, context, home };
}

function splitFlag(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function agentNamed(name: string | undefined): HookOptions['agent'] {
  const agent = HOOK_AGENTS.find((known) => known === name);
  if (agent !== undefined) return agent;
  throw new DiaryError(
    'INVALID_ARGUMENT',
    `--agent must be one of ${HOOK_AGENTS.join(', ')}, not ${name ?? 'nothing'}.`,
  );
}
