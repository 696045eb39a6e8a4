import { readFile, readdir } from 'node:fs/promises';

/**
 * Memory of a process and all below it, in MiB: the sum of their proportional set sizes, so that a page that
 * several of them share counts once.
 */
export async function treeMemory(root: number): Promise<number> {
  const parents = await parentOfEach();
  const inTree = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || inTree(parents.get(pid)));
  let kibibytes = 0;
  for (const pid of parents.keys()) {
    if (inTree(pid)) kibibytes += await proportionalKibibytes(pid);
  }
  return kibibytes / 1024;
}

async function parentOfEach(): Promise<ReadonlyMap<number, number>> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readUnlessGone(`/proc/${name}/stat`);
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  return parents;
}

async function proportionalKibibytes(pid: number): Promise<number> {
  const smaps = await readUnlessGone(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+) kB$/m.exec(smaps ?? '')?.[1] ?? 0);
}

async function readUnlessGone(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined; // The process ended while we looked.
  }
}
