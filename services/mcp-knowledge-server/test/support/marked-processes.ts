import { readdir, readFile } from 'node:fs/promises';
import { type ProcessIdentity, readIdentity } from '@endwell/proc-guard';

/** Every process whose environment has this text, whoever its parent is by now. */
export async function markedProcesses(mark: string): Promise<readonly ProcessIdentity[]> {
  const found: ProcessIdentity[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
    if (!environment.split('\0').includes(mark)) continue;
    const identity = readIdentity(Number(name));
    if (identity !== undefined) found.push(identity);
  }
  return found;
}
