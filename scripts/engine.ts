import { homedir } from 'node:os';
import { BY_DEFAULT, type Candidate, chooseEndpoint } from '../packages/cli/src/engine/choose-endpoint.ts';
import { LobbieError } from '../packages/cli/src/model/errors.ts';
import { findProgram, installWithApt } from './apt.ts';
import { engineAdvice } from './engine-advice.ts';
import { mountCgroups } from './mount-cgroups.ts';
import { ownEngine, startOwnEngine } from './own-engine.ts';
import { probeEngine } from './probe-engine.ts';
import { SetupError } from './setup-error.ts';

/** An engine that answers. */
export interface FoundEngine {
  readonly url: string;
  readonly chosenBy: string;
  /** True if this call started it. */
  readonly started: boolean;
  /** False for engines over ssh or TLS, which only the product can use, not these scripts. */
  readonly plain: boolean;
}

/**
 * Makes sure that an engine answers: the one that the docker CLI would use, else, on Linux as root, one that belongs to
 * this clone (`npm run engine:stop` ends it). Rejects with a SetupError that says how to get one.
 */
export async function ensureEngine(root: string): Promise<FoundEngine> {
  const candidates = await enginesToTry();
  let denied: Candidate | undefined;
  for (const candidate of candidates) {
    const result = await probeEngine(candidate);
    const { url, chosenBy } = candidate;
    if (result === 'answers' || result === 'assumed')
      return { url, chosenBy, started: false, plain: result === 'answers' };
    if (result === 'denied') denied ??= candidate;
  }
  const named = candidates.length === 1 && candidates[0]?.chosenBy !== BY_DEFAULT ? candidates[0] : undefined;
  if (named && !denied) {
    throw new SetupError(
      `${named.chosenBy} is ${named.url}, but no Docker Engine answers there.`,
      `Start that engine, or choose another one (\`unset DOCKER_HOST DOCKER_CONTEXT\`, \`docker context use default\`), then run this again.`,
    );
  }
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== 'linux' || !isRoot || denied) throw noEngine(denied, isRoot);
  return startHere(root);
}

/** The engines that `lobbie` itself tries. */
async function enginesToTry(): Promise<readonly Candidate[]> {
  try {
    return await chooseEndpoint({}, { env: process.env, homeDirectory: homedir(), platform: process.platform });
  } catch (error) {
    if (!(error instanceof LobbieError)) throw error;
    throw new SetupError(error.message, error.hint ?? 'Correct it, then run this again.');
  }
}

async function startHere(root: string): Promise<FoundEngine> {
  if (!findProgram('dockerd')) {
    if (!findProgram('apt-get')) throw noEngine(undefined, true);
    process.stderr.write('  engine     installing docker.io with apt …\n');
    await installWithApt(['docker.io', 'iptables', 'ca-certificates']);
  }
  const dockerd = findProgram('dockerd');
  if (!dockerd) throw noEngine(undefined, true);
  await mountCgroups();
  const engine = ownEngine(root);
  await startOwnEngine(engine, dockerd);
  return { url: engine.url, chosenBy: 'started here', started: true, plain: true };
}

function noEngine(denied: Candidate | undefined, isRoot: boolean): SetupError {
  const message = denied ? `This user may not use the Docker Engine at ${denied.url}.` : 'No Docker Engine answers.';
  const hasApt = findProgram('apt-get') !== undefined;
  return new SetupError(
    message,
    engineAdvice({ platform: process.platform, isRoot, hasApt, denied: denied !== undefined }),
  );
}
