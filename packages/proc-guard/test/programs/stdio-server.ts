/**
 * A stdio MCP server on the official SDK.
 *
 *     stdio-server.ts <plain | interval | busy> <bare | tied>
 */
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

import { tieToParent } from '../../src/index.ts';

const [variant, ending] = process.argv.slice(2);
const server = new McpServer({ name: 'test-server', version: '1.0.0' });
await server.connect(new StdioServerTransport());
if (ending === 'tied') {
  const tie = tieToParent();
  tie.shutdown.register('server', () => server.close());
}
if (variant === 'interval') setInterval(() => undefined, 1_000);
process.stderr.write('ready\n', () => {
  if (variant !== 'busy') return;
  for (;;);
});
