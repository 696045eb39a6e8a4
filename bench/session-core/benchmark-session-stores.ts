import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { journalTexts, type JournalText } from './journal-texts.ts';
import { PostgresUnavailableError } from './postgres-server.ts';
import { peers, type SessionPeer } from './session-peers.ts';

const recordCount = 10;
const underWay = 16;

interface Samples {
  readonly peer: SessionPeer;
  /** How long a life took, one after another, in milliseconds. */
  readonly lives: number[];
  /** Of each round: the median of its lives, and how many ended in a second with 16 under way. */
  readonly medians: number[];
  readonly rates: number[];
}

/**
 * A session's whole life (a start, ten records, an end) beside stores of express-session that do the nearest
 * they can (a set, ten sets of the growing session, a destroy), all of them on disk at each step, in turns.
 * The stores keep nothing of a session that has ended, end none when its owner dies or when two want to,
 * and do not know which of two sets came first.
 */
export async function benchmarkSessionStores({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 1 : 9;
  const oneByOne = small ? 5 : 60;
  const together = small ? 16 : 320;
  const texts = journalTexts(recordCount);
  const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
  // PostgreSQL's user has to get to its own folder in it.
  await chmod(folder, 0o711);
  const samples: Samples[] = [];
  const missing: string[][] = [];
  try {
    for (const open of peers) {
      try {
        samples.push({ peer: await open(folder), lives: [], medians: [], rates: [] });
      } catch (error) {
        if (!(error instanceof PostgresUnavailableError)) throw error;
        missing.push(['PostgreSQL (connect-pg-simple)', `not measured: ${error.message}`, '', '', '']);
      }
    }
    for (const { peer } of samples) await livesOneByOne(peer, 'warm', 5, texts);
    for (let round = 0; round < rounds; round += 1) {
      for (const { peer, lives, medians, rates } of samples) {
        const taken = await livesOneByOne(peer, `one-${round}`, oneByOne, texts);
        lives.push(...taken);
        medians.push(summarize(taken).median);
        rates.push(await rateTogether(peer, `many-${round}`, together, texts));
        const left = await peer.countLeft();
        if (left !== 0) throw new Error(`${peer.name} has ${left} sessions left`);
      }
    }
  } finally {
    for (const { peer } of samples) await peer.close();
    await rm(folder, { recursive: true });
  }
  const [own] = samples;
  return {
    columns: [
      `a start, ${recordCount} records, an end, each on disk`,
      'one after another, a life',
      'times session-core',
      `${underWay} at once, lives a second`,
      'times session-core',
    ],
    rows: [
      ...samples.map(({ peer, lives, medians, rates }) => [
        peer.name,
        formatSummary(summarize(lives), 'ms', 1),
        ratio(medians, own?.medians ?? []),
        formatSummary(summarize(rates), '/s'),
        ratio(rates, own?.rates ?? []),
      ]),
      ...missing,
    ],
  };
}

function ratio(samples: readonly number[], beside: readonly number[]): string {
  const pairs = samples.map((sample, round) => sample / (beside[round] ?? Number.NaN));
  return formatSummary(summarize(pairs), '×', 2);
}

async function livesOneByOne(
  peer: SessionPeer,
  name: string,
  count: number,
  texts: readonly JournalText[],
): Promise<number[]> {
  const taken: number[] = [];
  for (let life = 0; life < count; life += 1) {
    const startedAt = performance.now();
    await peer.life(`${name}-${life}`, texts);
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

async function rateTogether(
  peer: SessionPeer,
  name: string,
  count: number,
  texts: readonly JournalText[],
): Promise<number> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await peer.life(`${name}-${next}`, texts);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: underWay }, client));
  return (count / (performance.now() - startedAt)) * 1_000;
}
