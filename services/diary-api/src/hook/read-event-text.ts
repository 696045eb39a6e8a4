import type { Readable } from 'node:stream';

import { DiaryError } from '../errors/diary-error.ts';
import { createJsonValueFinder } from './first-json-value.ts';

const MAX_EVENT_BYTES = 64 * 1024 * 1024;

/**
 * The first JSON value on a stream. Does not wait for its end: some agents keep it open (Claude Code does on
 * `/clear`), and one that never writes is waited for no longer than the limit.
 *
 * @throws DiaryError `HOOK_EVENT_INVALID`
 */
export async function readEventText(input: Readable, limitMs: number): Promise<string> {
  const finder = createJsonValueFinder(MAX_EVENT_BYTES);
  return await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => fail(`no whole JSON value came within ${limitMs} ms`), limitMs);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      input.off('data', onData).off('end', onEnd).off('error', onError);
      // Whatever comes later has nobody to read it, and must not keep the process.
      input.on('error', () => {});
      input.destroy();
      then();
    };
    const fail = (why: string, cause?: unknown): void =>
      settle(() => reject(new DiaryError('HOOK_EVENT_INVALID', `The hook's input: ${why}.`, { cause })));
    const onData = (chunk: Buffer): void => {
      try {
        const value = finder.add(chunk);
        if (value !== undefined) settle(() => resolve(value.toString('utf8')));
      } catch (error) {
        fail((error as Error).message, error);
      }
    };
    const onEnd = (): void => fail(finder.hasBegun ? 'it ended in the middle' : 'it was empty');
    const onError = (error: Error): void => fail(error.message, error);
    input.on('data', onData).on('end', onEnd).on('error', onError);
  });
}
