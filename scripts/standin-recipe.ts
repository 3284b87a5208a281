import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Label on each stand-in: what it was made from. */
export const STANDIN_LABEL = 'dev.lobbie.standin';

/** Increase it when stand-ins are made differently, so that older ones are made again. */
const REVISION = 1;

/** The versions in the Node stand-in. */
export interface StandinVersions {
  readonly node: string;
  readonly npm: string;
  readonly pnpm: string;
}

/** The repository's own Node and pnpm, and the npm that comes with that Node. */
export function standinVersions(root: string): StandinVersions {
  const { packageManager, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { node: devDependencies.node, npm: '11', pnpm: packageManager.replace(/^pnpm@/, '').split('+', 1)[0] };
}

/** A short hash. A stand-in with another one is out of date. */
export function standinRecipe(versions: StandinVersions, certificates: string | undefined): string {
  const content = certificates ? readFileSync(certificates) : '';
  const hash = createHash('sha256')
    .update(JSON.stringify([REVISION, versions]))
    .update(content);
  return hash.digest('hex').slice(0, 16);
}
