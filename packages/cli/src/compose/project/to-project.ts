import { posix } from 'node:path';
import { whyNoHistory } from '../../model/history-path.ts';
import { isWithin } from '../../model/host-path.ts';
import type { Project } from '../../model/project.ts';
import type { Service } from '../../model/service.ts';
import type { ComposeConfig } from '../compose-config.ts';
import { ownNamespaces } from '../own-namespaces.ts';
import { type Problem, problemAt } from '../problem.ts';
import type { LoadedCompose } from '../read/load-compose.ts';
import { addressServices } from './address-services.ts';
import { clashesOf } from './clashes.ts';
import { discoveryWarnings } from './discovery-warnings.ts';
import { jobsOf } from './jobs.ts';
import { networksOf, volumesOf } from './networks.ts';
import type { Reading } from './reading.ts';
import { toService } from './to-service.ts';
import { unusedIngress } from './unused-ingress.ts';
import { historyDirectory, lobbieExtensions } from './x-lobbie.ts';

export interface ToProjectOptions {
  /** `--scale`: replicas by service. Overrides the file. */
  readonly scale?: ReadonlyMap<string, number>;
  /** Deployed replicas by service, kept if neither the file nor the command sets a number. */
  readonly deployed?: ReadonlyMap<string, number>;
  /** Whether bind mounts use this machine's own directories. */
  readonly local: boolean;
  /** The user's home directory, absolute. It cannot be the history. */
  readonly homeDirectory?: string;
  /** Reads a config, a secret or a profile. Rejects with a code such as ENOENT. */
  readonly readFile: (path: string) => Promise<Buffer>;
  /** Names of the entries of a directory. Rejects with a code such as ENOTDIR. */
  readonly readDirectory: (path: string) => Promise<readonly string[]>;
}

/** A project with its problems and warnings. With problems, here or in the files, it must not be deployed. */
export interface ReadProject {
  readonly project: Project;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * The resolved project with all of lobbie's defaults, and the contents of its configs and secrets. If the files have
 * problems, the rest is still checked for more.
 */
export async function toProject(loaded: LoadedCompose, options: ToProjectOptions): Promise<ReadProject> {
  const { locate, directory, environment, keptValues, inactive } = loaded;
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const config = withoutIdleJobs(ownNamespaces(loaded.config));
  const reading: Reading = {
    config,
    directory,
    environment,
    keptValues,
    local: options.local,
    readFile: options.readFile,
    readDirectory: options.readDirectory,
    extensions: lobbieExtensions(config),
    history: historyOf(config, directory, options.local),
    problem: (...told) => void problems.push(problemAt(locate, ...told)),
    warning: (...told) => void warnings.push(problemAt(locate, ...told)),
  };
  const jobs = jobsOf(config);
  const alone = await Promise.all(
    Object.entries(config.services).map(([name, service]) => {
      const job = jobs.has(name);
      return toService(reading, name, service, { job, replicas: job ? 1 : replicasOf(reading, name, options) });
    }),
  );
  const services = await addressServices(reading, alone);
  const project: Project = {
    name: config.name,
    services,
    networks: networksOf(config),
    volumes: volumesOf(config),
    inactive: [...inactive, ...Object.keys(loaded.config.services).filter((name) => !(name in config.services))],
    ...(reading.history !== undefined && { history: { source: reading.history.source } }),
  };
  if (loaded.problems.length === 0) checkHistory(reading, services, options.homeDirectory);
  clashesOf(project, reading.problem);
  for (const service of services) {
    unusedIngress(service, reading);
    discoveryWarnings(service, reading);
  }
  return { project, problems, warnings };
}

/** A job with 0 replicas is removed, and nobody waits for it. */
function withoutIdleJobs(config: ComposeConfig): ComposeConfig {
  const jobs = jobsOf(config);
  const extensions = lobbieExtensions(config);
  const services = Object.entries(config.services).filter(
    ([name]) => !(jobs.has(name) && extensions.get(name)?.replicas === 0),
  );
  return { ...config, services: Object.fromEntries(services) };
}

function replicasOf({ config, extensions }: Reading, name: string, { scale, deployed }: ToProjectOptions): number {
  const service = config.services[name];
  const said = scale?.get(name) ?? extensions.get(name)?.replicas ?? service?.scale ?? service?.deploy?.replicas;
  if (service?.deploy?.mode === 'global') return said ?? 1;
  return said ?? deployed?.get(name) ?? 1;
}

/** A remote engine has no project directory, so the history is in lobbie's own directory there. */
function historyOf(config: ComposeConfig, directory: string, local: boolean): Reading['history'] {
  const named = historyDirectory(config, directory);
  if (named === undefined) return undefined;
  const elsewhere = !local && isWithin(named, directory);
  return { named, source: elsewhere ? posix.join('/var/lib/lobbie', config.name, 'history') : named };
}

function checkHistory(
  { history, directory, problem }: Reading,
  services: readonly Service[],
  homeDirectory: string | undefined,
): void {
  if (history === undefined) return;
  const why = whyNoHistory(history.source, { projectDirectory: directory, homeDirectory });
  if (why !== undefined) {
    problem('x-lobbie.history', `${history.named} ${why}`, 'Use a directory for the history only, such as ./history.');
    return;
  }
  const mounted = services.some(({ mounts }) =>
    mounts.some((mount) => mount.kind === 'bind' && mount.source === history.source && !mount.readOnly),
  );
  if (!mounted)
    problem('x-lobbie.history', `no service mounts ${history.named}`, 'Mount it in the service that writes to it.');
}
