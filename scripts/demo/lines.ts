import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Calls back for each line of JSON; resolves when the stream has ended. */
export async function readJsonLines(stream: Readable, onLine: (line: unknown) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) onLine(JSON.parse(line));
}

export function writeJsonLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
