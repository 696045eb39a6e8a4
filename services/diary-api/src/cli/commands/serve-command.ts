import { Command } from 'commander';

import { isLoopback } from '../../config/is-loopback.ts';
import { resolveConfig } from '../../config/resolve-config.ts';
import { loadDashboardAssets } from '../../dashboard/load-dashboard-assets.ts';
import { DiaryError } from '../../errors/diary-error.ts';
import { createDiaryServer } from '../../http/create-diary-server.ts';
import { listen } from '../../http/listen.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { databasePath, openSessionManager } from '../with-session-manager.ts';

export function serveCommand(context: CommandContext): Command {
  const command = new Command('serve')
    .description('Serve the dashboard and the HTTP API until Ctrl-C, or until what started it ends')
    .addHelpText(
      'after',
      `
Prints one line with its address when it is ready; logs go to stderr.

Examples:
  $ diary serve
  $ diary serve --port 0
  $ ENDWELL_LOG_LEVEL=info diary serve --home /srv/diary`,
    )
    .action(async (flags: CommandFlags) => serve(context, flags));
  return addConfigOptions(command, ['host', 'port', ...commonSettings]);
}

async function serve(context: CommandContext, flags: CommandFlags): Promise<void> {
  const { host, port, logLevel } = resolveConfig(context.environment, flags);
  if (!isLoopback(host)) {
    throw new DiaryError(
      'TOKEN_REQUIRED',
      `${host} can be reached from other machines, and access tokens are not supported yet: listen on a loopback address such as 127.0.0.1.`,
      { setting: 'DIARY_API_HOST' },
    );
  }
  const path = databasePath(context, flags);
  const logger = context.createLogger(logLevel);
  const shutdown = context.liveUntilEnded(logger);
  try {
    const dashboard = await loadDashboardAssets();
    const manager = openSessionManager(path, logger);
    shutdown.register('session manager', () => manager.close());
    await manager.open();
    const server = createDiaryServer({ manager, logger, dashboard });
    shutdown.register('event streams', { phase: 'not-ready', close: () => server.endStreams() });
    shutdown.register('HTTP server', { phase: 'drain', close: () => server.app.close() });
    const url = await listen(server.app, host, port);
    if (!shutdown.signal.aborted) context.print(`diary: listening on ${url}`);
  } catch (error) {
    // A signal during the start is an end like any other, whatever it interrupted.
    if (shutdown.signal.aborted) return void (await shutdown.trigger());
    throw error;
  }
}
