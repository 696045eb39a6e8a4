import { Command } from 'commander';

import { addConfigOptions, commonSettings } from '../config-options.ts';
import type { CommandContext } from '../command-context.ts';
import { importJsonlCommand } from './import-jsonl-command.ts';
import { importLegacyCommand } from './import-legacy-command.ts';
import { importTranscriptsCommand } from './import-transcripts-command.ts';

export function importCommand(context: CommandContext): Command {
  const command = new Command('import').description('Bring in sessions that were recorded elsewhere');
  for (const create of [importTranscriptsCommand, importJsonlCommand, importLegacyCommand])
    command.addCommand(addConfigOptions(create(context), commonSettings));
  return command;
}
