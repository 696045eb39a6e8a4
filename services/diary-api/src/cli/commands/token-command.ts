import { Command, Option } from 'commander';

import { openDiaryDatabase } from '../../database/open-diary-database.ts';
import { TOKEN_SCOPES, type TokenScope } from '../../tokens/token-scope.ts';
import { createTokenStore, type Token, type TokenStore } from '../../tokens/token-store.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, type CommandFlags } from '../config-options.ts';
import { databaseExists } from '../existing-database.ts';
import { parseDuration } from '../parse-duration.ts';
import { renderTable } from '../render-table.ts';
import { databasePath } from '../with-session-manager.ts';

interface CreateFlags extends CommandFlags {
  readonly scope: TokenScope[];
  readonly expires?: string;
}

export function tokenCommand(context: CommandContext): Command {
  const create = new Command('create')
    .description('Make a token and print it; it is stored as a digest and cannot be shown again')
    .argument('<name>', 'whose it is, or what for')
    .addOption(
      new Option('--scope <scope...>', 'what it may do')
        .choices(TOKEN_SCOPES)
        .default(['read', 'write'], 'read write'),
    )
    .option('--expires <time>', 'how long it is good for, such as 12h or 30d; for ever otherwise')
    .option('--json', 'print JSON')
    .action(async (name: string, flags: CreateFlags) => createToken(context, name, flags));
  const list = new Command('list')
    .description('List the tokens, without their secrets')
    .option('--json', 'print JSON')
    .action(async (flags: CommandFlags) => listTokens(context, flags));
  const revoke = new Command('revoke')
    .description('Refuse a token from now on')
    .argument('<id>', 'the id of the token, from the list')
    .option('--json', 'print JSON')
    .action(async (id: string, flags: CommandFlags) => {
      const token = await withTokens(context, flags, (tokens) => tokens.revoke(id));
      context.print(
        flags.json === true ? JSON.stringify(token, undefined, 2) : `${id} is refused from now on.`,
      );
    });
  const command = new Command('token')
    .description('Make, list and revoke access tokens for the HTTP API')
    .addHelpText(
      'after',
      `
Examples:
  $ diary token create "the build server" --scope write --expires 90d
  $ diary token list
  $ diary token revoke ID`,
    );
  for (const subcommand of [create, list, revoke]) command.addCommand(addConfigOptions(subcommand, ['home']));
  return command;
}

async function createToken(context: CommandContext, name: string, flags: CreateFlags): Promise<void> {
  const expiresAt =
    flags.expires === undefined ? null : Date.now() + parseDuration(flags.expires, '--expires');
  const { token, secret } = await withTokens(context, flags, (tokens) =>
    tokens.create({ name, scopes: flags.scope, expiresAt }),
  );
  if (flags.json === true) context.print(JSON.stringify({ ...token, secret }, undefined, 2));
  else context.print(secret);
}

async function listTokens(context: CommandContext, flags: CommandFlags): Promise<void> {
  const tokens = databaseExists(databasePath(context, flags))
    ? await withTokens(context, flags, (store) => store.list())
    : [];
  if (flags.json === true) {
    context.print(JSON.stringify(tokens, undefined, 2));
    return;
  }
  if (tokens.length === 0) {
    context.print('There are no tokens.');
    return;
  }
  for (const line of renderTable(['ID', 'STATE', 'SCOPES', 'CREATED', 'NAME'], tokens.map(toRow)))
    context.print(line);
}

function toRow({ id, name, scopes, createdAt, expiresAt, revokedAt }: Token): string[] {
  const isExpired = expiresAt !== null && expiresAt <= Date.now();
  const state = revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'good';
  return [id, state, scopes.join(' '), new Date(createdAt).toISOString(), name];
}

async function withTokens<Result>(
  context: CommandContext,
  flags: CommandFlags,
  work: (tokens: TokenStore) => Promise<Result>,
): Promise<Result> {
  await using database = await openDiaryDatabase(databasePath(context, flags));
  return await work(createTokenStore(database));
}
