import { Command } from 'commander';

import { resolveConfig } from '../../config/resolve-config.ts';
import { loadDashboardAssets } from '../../dashboard/load-dashboard-assets.ts';
import { openDiaryDatabase } from '../../database/open-diary-database.ts';
import { createDiaryServer } from '../../http/create-diary-server.ts';
import { listen } from '../../http/listen.ts';
import { checkExposure } from '../../tokens/check-exposure.ts';
import { loadPriceTable } from '../../usage/price-table.ts';
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
  $ ENDWELL_LOG_LEVEL=info diary serve --home /srv/diary
  $ DIARY_API_TOKEN=… diary serve --host 0.0.0.0   every request needs the token, or one of "diary token"`,
    )
    .action(async (flags: CommandFlags) => serve(context, flags));
  return addConfigOptions(command, ['host', 'port', 'allowedHosts', 'rate', 'prices', ...commonSettings]);
}

async function serve(context: CommandContext, flags: CommandFlags): Promise<void> {
  const config = resolveConfig(context.environment, flags);
  const { host, port, logLevel, token } = config;
  const path = databasePath(context, flags);
  await checkExposure(host, token, path);
  const logger = context.createLogger(logLevel);
  const shutdown = context.liveUntilEnded(logger);
  try {
    const dashboard = await loadDashboardAssets();
    const prices = config.prices === undefined ? undefined : await loadPriceTable(config.prices);
    const manager = openSessionManager(path, logger);
    shutdown.register('session manager', () => manager.close());
    await manager.open();
    const database = await openDiaryDatabase(path);
    shutdown.register('diary tables', () => database.close());
    const server = createDiaryServer({
      manager,
      database,
      logger,
      dashboard,
      prices,
      address: host,
      allowedHosts: config.allowedHosts,
      fixedToken: token,
      maxRequestsPerSecond: config.rate,
      version: context.version,
    });
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
