import { createRedactor } from '@endwell/session-core';
import { Command } from 'commander';

import type { CommandContext } from '../command-context.ts';
import { counted, listed } from '../counted.ts';

export function redactCommand(context: CommandContext): Command {
  return new Command('redact')
    .description('Show what would be stored of a text: secrets are taken out before anything is written')
    .argument('[text...]', 'the text; standard input otherwise')
    .option('--json', 'print the text and what was found in it as JSON')
    .addHelpText(
      'after',
      `
Nothing is stored. What was found is told on standard error.

Examples:
  $ diary redact 'curl -H "Authorization: Bearer abcdefghijklmnop"'
  $ diary redact < session.log > session-without-secrets.log`,
    )
    .action(async (words: string[], flags: { readonly json?: true }) => {
      const given = words.length > 0 ? `${words.join(' ')}\n` : await context.readInput();
      const { text, found } = createRedactor().redact(given);
      if (flags.json === true) {
        context.print(JSON.stringify({ text, found }, undefined, 2));
        return;
      }
      await context.write(text);
      const kinds: Record<string, number> = {};
      for (const { kind } of found) kinds[kind] = (kinds[kind] ?? 0) + 1;
      context.report(
        found.length === 0
          ? 'Nothing would be taken out.'
          : `${counted(found.length, 'secret')} would be taken out: ${listed(kinds)}.`,
      );
    });
}
