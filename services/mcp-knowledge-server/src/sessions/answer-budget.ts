/**
 * How many bytes of JSON a list in an answer may take. A token is never less than a byte, so an answer
 * stays under 25,000 tokens whatever is in it, and under about 6,000 for English text.
 */
export const answerBudgetBytes = 20_000;

/** The first items that fit into the budget together; at least one, so that a reader gets on. */
export function fitIntoBudget<Item>(items: readonly Item[], budgetBytes: number = answerBudgetBytes): Item[] {
  const fitting: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > budgetBytes && fitting.length > 0) break;
    fitting.push(item);
  }
  return fitting;
}
