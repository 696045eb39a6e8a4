import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { isAlive, type ProcessIdentity, readIdentity } from '@endwell/proc-guard';
import { onTestFinished } from 'vitest';

/** Processes whose owner and whose guard have both been killed, ended after the test if nobody else has. */
export async function orphanTree(): Promise<readonly ProcessIdentity[]> {
  const program = join(import.meta.dirname, 'guarded-owner.ts');
  const owner = spawn(process.execPath, ['--conditions=@endwell/source', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [output] = (await once(owner.stdout, 'data')) as [Buffer];
  const [guard = 0, , ...survivors] = output.toString().trim().split(' ').slice(1).map(Number);
  const identities = survivors.map((pid) => identityOf(pid));
  onTestFinished(() => {
    for (const identity of identities) {
      if (isAlive(identity) === 'alive') process.kill(identity.pid, 'SIGKILL');
    }
  });
  const guardIdentity = identityOf(guard);
  if (isAlive(guardIdentity) === 'alive') process.kill(guard, 'SIGKILL');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  return identities;
}

function identityOf(pid: number): ProcessIdentity {
  const identity = readIdentity(pid);
  if (identity === undefined) throw new Error(`process ${pid} has ended before the test began`);
  return identity;
}
