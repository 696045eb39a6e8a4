import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { DiaryError } from '../errors/diary-error.ts';

const price = z.number().min(0).max(1_000_000);

/** Prices per million tokens, in a currency of your choice, by the beginning of a model's name. */
const priceTableSchema = z.strictObject({
  currency: z.string().min(1).max(10).default('USD'),
  models: z.record(
    z.string().min(1).max(200),
    z.strictObject({
      input: price,
      output: price,
      cacheRead: price.default(0),
      cacheWrite: price.default(0),
    }),
  ),
});

export type PriceTable = z.output<typeof priceTableSchema>;

export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** @throws DiaryError `INVALID_CONFIG` when the file cannot be read or is no price table */
export async function loadPriceTable(path: string): Promise<PriceTable> {
  try {
    return priceTableSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`
        : (error as Error).message;
    throw new DiaryError('INVALID_CONFIG', `The price table ${path} cannot be used: ${reason}.`, {
      cause: error,
      setting: 'DIARY_PRICES',
    });
  }
}

/** What the tokens cost; null for a model without a price. The longest name that fits goes first. */
export function costOf(
  prices: PriceTable | undefined,
  model: string | null,
  counts: TokenCounts,
): number | null {
  if (prices === undefined || model === null) return null;
  const name = Object.keys(prices.models)
    .filter((prefix) => model.startsWith(prefix))
    .toSorted((left, right) => right.length - left.length)[0];
  const perMillion = name === undefined ? undefined : prices.models[name];
  if (perMillion === undefined) return null;
  const { input, output, cacheRead, cacheWrite } = perMillion;
  return (
    (counts.input * input +
      counts.output * output +
      counts.cacheRead * cacheRead +
      counts.cacheWrite * cacheWrite) /
    1_000_000
  );
}
