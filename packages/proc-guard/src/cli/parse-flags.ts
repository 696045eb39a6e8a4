import { ProcGuardError } from '../errors/proc-guard-error.ts';

export interface FlagSpecification {
  /** Flags without a value. */
  readonly switches?: readonly string[];
  /** Flags with one. */
  readonly values?: readonly string[];
  /** Stops at the first word that is no flag: what follows is somebody else's command line. */
  readonly stopAtFirstWord?: boolean;
}

export interface ParsedFlags {
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

/** Splits a command line; a flag that is not in the specification is an error that names it. */
export function parseFlags(
  command: string,
  args: readonly string[],
  specification: FlagSpecification,
): ParsedFlags {
  const switches = new Set<string>();
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      words.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(...(specification.stopAtFirstWord === true ? args.slice(index) : [arg]));
      if (specification.stopAtFirstWord === true) break;
      continue;
    }
    const [name, inline] = splitInline(arg);
    if (specification.switches?.includes(name) === true && inline === undefined) {
      switches.add(name);
    } else if (specification.values?.includes(name) === true) {
      const value = inline ?? args[(index += 1)];
      if (value === undefined)
        throw new ProcGuardError('USAGE', `${command}: ${name} needs a value`, { option: name });
      values.set(name, value);
    } else {
      throw new ProcGuardError(
        'USAGE',
        `${command}: unknown flag ${arg} (see proc-guard ${command} --help)`,
        { option: name },
      );
    }
  }
  return { switches, values, words };
}

function splitInline(arg: string): [name: string, value: string | undefined] {
  const equals = arg.indexOf('=');
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)];
}
