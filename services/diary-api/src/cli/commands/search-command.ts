import { Command } from 'commander';

import type { SessionManager } from '@endwell/session-core';

import { DiaryError } from '../../errors/diary-error.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { printable } from '../describe-session.ts';
import { databaseExists } from '../existing-database.ts';
import { parseTime } from '../parse-duration.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

interface SearchFlags extends CommandFlags {
  readonly project?: string;
  readonly agent?: string;
  readonly type?: string;
  readonly session?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

type SearchPage = Awaited<ReturnType<SessionManager['search']>>;
type Hit = SearchPage['hits'][number];

export function searchCommand(context: CommandContext): Command {
  const command = new Command('search')
    .description('Find entries by what they say: prompts, answers, tool calls and their results')
    .argument('<text...>', 'all words must occur; "several words" as a phrase; a trailing * for beginnings')
    .option('--project <folder>', 'only sessions of this project')
    .option('--agent <name>', 'only sessions of this agent')
    .option('--session <id>', 'only this session')
    .option('--type <type>', 'only entries of this type: message, action, event, …')
    .option('--from <time>', 'not before this day or time')
    .option('--to <time>', 'before this day or time')
    .option('--limit <number>', 'how many at most, 1 to 100', '20')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ diary search migration failed
  $ diary search '"address in use"' --from 2026-03-01
  $ diary search 'deploy*' --project ~/code/shop --json`,
    )
    .action(async (words: string[], flags: SearchFlags) => search(context, words.join(' '), flags));
  return addConfigOptions(command, commonSettings);
}

async function search(context: CommandContext, text: string, flags: SearchFlags): Promise<void> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new DiaryError(
      'INVALID_ARGUMENT',
      `--limit must be a whole number from 1 to 100, not ${JSON.stringify(flags.limit)}.`,
    );
  }
  const query = {
    text,
    limit,
    project: flags.project,
    agent: flags.agent,
    sessionId: flags.session,
    type: flags.type,
    from: flags.from === undefined ? undefined : parseTime(flags.from, '--from'),
    to: flags.to === undefined ? undefined : parseTime(flags.to, '--to'),
  };
  const { hits, nextCursor }: SearchPage = databaseExists(databasePath(context, flags))
    ? await withSessionManager(context, flags, (manager) => manager.search(query))
    : { hits: [], nextCursor: null };
  if (flags.json === true) {
    context.print(JSON.stringify({ hits, nextCursor }, undefined, 2));
    return;
  }
  if (hits.length === 0) context.print('Nothing was found.');
  for (const hit of hits) for (const line of describeHit(hit, context.hasColors)) context.print(line);
  if (nextCursor !== null) context.print('There are more; raise --limit, or add a word.');
}

function describeHit({ entry, session, snippet }: Hit, hasColors: boolean): string[] {
  const at = new Date(entry.occurredAt ?? entry.recordedAt).toISOString();
  const role = entry.data?.['role'] ?? entry.data?.['action'];
  const kind = typeof role === 'string' ? `${entry.type} ${role}` : entry.type;
  const found = snippet
    .map(({ text, highlighted }) => {
      const plain = printable(text, false);
      return highlighted && hasColors ? `\u001b[1;33m${plain}\u001b[0m` : plain;
    })
    .join('');
  return [
    `${at}  ${printable(session.project ?? '-')}  ${session.id} #${entry.sequence}  ${printable(kind)}`,
    `    ${found.trim()}`,
  ];
}
