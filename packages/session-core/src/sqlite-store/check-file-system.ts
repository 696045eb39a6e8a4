import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

import { SessionError } from '../errors/session-error.ts';

/** Linux's numbers (statfs(2)) of file systems that several machines can have mounted. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x69_69, 'NFS'],
  [0x51_7b, 'SMB'],
  [0xfe_53_4d_42, 'SMB'],
  [0xff_53_4d_42, 'CIFS'],
  [0x5346_414f, 'AFS'],
  [0x6b41_4653, 'AFS'],
  [0x7375_7245, 'Coda'],
  [0x00c3_6400, 'Ceph'],
  [0x0102_1997, '9P'],
  [0x0bd0_0bd0, 'Lustre'],
  [0x0116_1970, 'GFS2'],
  [0x7461_636f, 'OCFS2'],
  [0x4750_4653, 'GPFS'],
  [0x1985_0612, 'BeeGFS'],
]);

export type FileSystemType = (path: string) => number;

const typeOf: FileSystemType = (path) => statfsSync(path).type;

/**
 * The WAL is shared through memory, which processes on two machines do not have in common: there they
 * would damage the database.
 *
 * @throws SessionError `STORE_NETWORK_FILE_SYSTEM`
 */
export function checkFileSystem(path: string, type: FileSystemType = typeOf): void {
  if (process.platform !== 'linux') return;
  const name = networkFileSystems.get(typeOfNearest(path, type) >>> 0);
  if (name === undefined) return;
  throw new SessionError(
    'STORE_NETWORK_FILE_SYSTEM',
    `cannot use ${path}: it is on a network file system (${name}), where SQLite can damage it; choose a local folder`,
    { path },
  );
}

/** Of the path itself, or of the folder above it in which the missing part would be made. */
function typeOfNearest(path: string, type: FileSystemType): number {
  try {
    return type(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(path);
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || above === path) throw error;
    return typeOfNearest(above, type);
  }
}
