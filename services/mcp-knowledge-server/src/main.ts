import { readFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';

import { parseCommandLine } from './cli/command-line.ts';
import { helpText } from './cli/help-text.ts';
import { type ConfigFlags, resolveConfig } from './config/resolve-config.ts';
import { isKnowledgeError } from './errors/knowledge-error.ts';
import { createEarlyOpening } from './transport/early-opening.ts';

// A server checks few values with each schema: compiling a checker for each costs more than it saves.
z.config({ jitless: true });

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** How long the first message is waited for before the rest is loaded anyway. */
const openingMs = 50;

async function start(transport: 'stdio' | 'http', flags: ConfigFlags): Promise<void> {
  const config = resolveConfig(process.env, flags);
  const opening =
    transport === 'stdio' ? createEarlyOpening(process.stdin, process.stdout, version) : undefined;
  if (opening !== undefined) {
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, openingMs);
    await Promise.race([opening.heard, waited.promise]);
    clearTimeout(timer);
  }
  const { serve } = await import('./serve.ts');
  await serve({ config, version, opening });
}

try {
  const line = parseCommandLine(process.argv.slice(2));
  if (line.command === 'help') process.stdout.write(helpText());
  else if (line.command === 'version') process.stdout.write(`${version}\n`);
  else await start(line.transport, line.flags);
} catch (error) {
  // What the user got wrong is a sentence; anything else is a defect and keeps its stack.
  const { isSessionError } = await import('@endwell/session-core');
  if (!isKnowledgeError(error) && !isSessionError(error)) throw error;
  process.stderr.write(`mcp-knowledge-server: ${error.code}: ${error.message}\n`);
  process.exitCode = 2;
}
