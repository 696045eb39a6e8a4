import type { ServerContext } from '@modelcontextprotocol/server';

import type { ServerLogger } from '../logging/server-logger.ts';
import type { ToolContext } from './tool.ts';

/** Reports to the client that sent this request, when it gave a token to report under. */
export function createProgressReporter(
  request: ServerContext,
  logger: ServerLogger,
): ToolContext['reportProgress'] {
  const { _meta: meta } = request.mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return () => Promise.resolve();
  return async ({ done, total, message }) => {
    try {
      await request.mcpReq.notify({
        method: 'notifications/progress',
        params: {
          progressToken,
          progress: done,
          ...(total === undefined ? {} : { total }),
          ...(message === undefined ? {} : { message }),
        },
      });
    } catch (error) {
      // The client has gone or has cancelled: the call learns that from its signal.
      logger.debug({ err: error }, 'a progress report was not delivered');
    }
  };
}
