import { runToEnd } from '../../../scripts/pack-packages.ts';

/**
 * The tests start programs with an empty HOME, where pnpm has no store: an install that is out of date
 * would be made anew from there, under the feet of everything else. So it is brought up to date first.
 */
export default async function install(): Promise<void> {
  const result = await runToEnd('node', ['scripts/bootstrap.mjs', 'install']);
  if (result.code !== 0) throw new Error(result.output);
}
