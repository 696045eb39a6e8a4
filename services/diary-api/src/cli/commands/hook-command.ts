import { Command, Option } from 'commander';

import { HOOK_AGENTS } from '../../hook/hook-options.ts';
import { settings } from '../../config/settings.ts';

/**
 * For the help alone: the program's first file hands a hook over to a bundle of its own, because a hook runs
 * at every turn of an agent and has to be over at once.
 */
export function hookCommand(): Command {
  const { flag, placeholder, description, fallback, variable } = settings.home;
  return new Command('hook')
    .description(
      'Take in one event of a coding agent, as JSON on standard input; agents call it, see "diary init"',
    )
    .addOption(
      new Option('--agent <name>', 'whose event it is; told from the event otherwise').choices(HOOK_AGENTS),
    )
    .option(
      '--context',
      'at a SessionStart, tell the agent of the last sessions in its project (at most 500 tokens)',
    )
    .addOption(new Option(`--${flag} <${placeholder}>`, `${description} (${variable}, default ${fallback})`))
    .addHelpText(
      'after',
      `
At every event the new part of the agent's transcript is taken in; a session belongs to the agent's
process and ends with it, however that ends. Always exits with 0; what went wrong is one line on stderr.
Nothing is written while recording is paused ("diary pause") or the folder is excluded ("diary exclude").

Example:
  $ echo '{"hook_event_name": "Stop", "session_id": "1", "transcript_path": "/tmp/1.jsonl"}' | diary hook`,
    );
}
