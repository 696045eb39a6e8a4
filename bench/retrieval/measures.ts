/** How many results are looked at. */
const cut = 10;

export interface Quality {
  readonly ndcg: number;
  readonly recall: number;
}

/**
 * nDCG@10 (Järvelin and Kekäläinen 2002, with the gain 2^g − 1 of Burges et al. 2005) and recall@10 of one
 * ranking; undefined when no document is any answer.
 */
export function qualityOf(
  ranking: readonly string[],
  gains: ReadonlyMap<string, number>,
): Quality | undefined {
  const relevant = [...gains.values()].filter((gain) => gain > 0);
  if (relevant.length === 0) return undefined;
  const top = ranking.slice(0, cut);
  const ideal = relevant.toSorted((a, b) => b - a).slice(0, cut);
  const found = top.filter((document) => (gains.get(document) ?? 0) > 0).length;
  return {
    ndcg: discounted(top.map((document) => gains.get(document) ?? 0)) / discounted(ideal),
    recall: found / relevant.length,
  };
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + (2 ** Math.max(0, gain) - 1) / Math.log2(index + 2), 0);
}

export function meanQuality(all: readonly Quality[]): Quality {
  if (all.length === 0) throw new RangeError('There is nothing to average: no question has a judged answer.');
  const mean = (pick: (quality: Quality) => number): number =>
    all.reduce((sum, quality) => sum + pick(quality), 0) / all.length;
  return { ndcg: mean(({ ndcg }) => ndcg), recall: mean(({ recall }) => recall) };
}
