import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runConformanceServer } from './support/http-server.ts';
import { runNodeProgram } from './support/run-program.ts';
import { serverEnvironment } from './support/server-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const suite = join(
  fileURLToPath(new URL('..', import.meta.url)),
  'node_modules/@modelcontextprotocol/conformance/dist/index.js',
);
const expectedFailures = fileURLToPath(
  new URL('conformance/expected-failures-2025-11-25.yml', import.meta.url),
);

describe("the protocol's own conformance suite", () => {
  test.for([
    ['2026-07-28, every requirement, no exception', ['--requirements', '2026-07-28'], 37],
    [
      '2025-11-25, but for the exceptions in the file, each of which must still fail',
      ['--spec-version', '2025-11-25', '--expected-failures', expectedFailures],
      23,
    ],
  ] as const)('%s', async ([, options, passing]) => {
    const home = await temporaryFolder();
    const server = await runConformanceServer(home);
    const { code, stdout, stderr } = await runNodeProgram(
      suite,
      ['server', '--url', server.url.href, '--output-dir', join(home, 'results'), ...options],
      serverEnvironment(home),
    );
    expect(code, stdout.slice(stdout.indexOf('=== SUMMARY')) + stderr).toBe(0);
    // It has run, and not skipped, what it is made of.
    expect(stdout.match(/^✓ .*: [1-9]\d* passed, 0 failed/gm)?.length).toBeGreaterThanOrEqual(passing);
    expect(await server.end()).toBe(0);
  });
});
