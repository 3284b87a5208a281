import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import type { Mount } from '../../model/mount.ts';
import type { Plan } from '../../model/plan.ts';
import type { Service, ServiceFile } from '../../model/service.ts';
import type { ReplicaInput } from '../../model/step-inputs.ts';
import { imageVolumes } from '../../plan/image-volumes.ts';
import type { Given } from '../given/given.ts';
import { numericUser, type User, userInContainer } from '../images/image-user.ts';
import { onErrand } from '../observe/errands.ts';
import { mountsOf, type PlacedFile, type PlaceFacts, placeFiles } from './place-files.ts';
import type { Refusal } from './refuse-file.ts';
import { type LinkAt, readLinks, resolveFile } from './resolve-targets.ts';

/** How a service's configs and secrets get into its containers, and their default owner. */
export interface ServiceFiles {
  readonly placed: readonly PlacedFile[];
  readonly owner: User;
  /** All other mounts, with real targets. */
  readonly mounts: readonly Mount[];
}

interface Settled extends ServiceFiles {
  readonly refused: readonly Refusal[];
}

/** What a rollout finds out about configs and secrets. */
export interface FilesFound {
  /** By service name. */
  readonly settledFiles: Map<string, Promise<Settled>>;
}

export type FilesContext = Pick<Given, 'engine' | 'info' | 'projectName'> & FilesFound;

/** A service, and the volumes that its image declares. */
type Filled = Pick<ReplicaInput, 'service' | 'imageVolumes'>;

/** Decides about the configs and secrets of one service, once per command. */
export async function filesOf(context: FilesContext, filled: Filled): Promise<ServiceFiles> {
  const settled = await settle(context, filled);
  if (settled.refused.length > 0) throw refusedError(settled.refused);
  return settled;
}

/**
 * Decides about the configs and secrets of every service that gets new containers.
 *
 * @throws LobbieError `INVALID_INPUT` with every file that cannot get into its container
 */
export async function settleFiles(context: FilesContext, { steps }: Plan): Promise<void> {
  const filled = new Map(
    steps.flatMap(({ step }) =>
      step.kind === 'create-replica' || step.kind === 'start-replica' || step.kind === 'run-job'
        ? [[step.replica.service, step.input]]
        : [],
    ),
  );
  const settled = await Promise.all([...filled.values()].map((one) => settle(context, one)));
  const refused = settled.flatMap((one) => one.refused);
  if (refused.length > 0) throw refusedError(refused);
}

/** All refusals at once, each with its hint. */
function refusedError(refused: readonly Refusal[]): LobbieError {
  const [only, ...others] = refused;
  if (only !== undefined && others.length === 0)
    return new LobbieError('INVALID_INPUT', only.message, { hint: only.hint });
  return new LobbieError('INVALID_INPUT', `${refused.length} configs and secrets cannot get into their containers.`, {
    details: refused.flatMap(({ message, hint }) => [message, `  ${hint}`]),
    hint: 'Fix these, then check the plan: `lobbie deploy --dry-run`.',
  });
}

const ROOT: User = { uid: 0, gid: 0 };

function settle(context: FilesContext, filled: Filled): Promise<Settled> {
  const { service } = filled;
  if (service.files.length === 0) return Promise.resolve({ placed: [], refused: [], mounts: [], owner: ROOT });
  const { settledFiles } = context;
  const settling = settledFiles.get(service.name) ?? settleOne(context, filled);
  settledFiles.set(service.name, settling);
  return settling;
}

async function settleOne(context: FilesContext, filled: Filled): Promise<Settled> {
  const { engine, info, projectName } = context;
  const { service } = filled;
  const volumes = imageVolumes(service, { volumes: filled.imageVolumes });
  const { local } = engine.endpoint;
  const [{ linkAt, owner }, intact] = await Promise.all([
    readImage(engine, projectName, service, volumes),
    local ? intactFiles(service.files) : new Set<ServiceFile>(),
  ]);
  const facts: PlaceFacts = {
    linkAt,
    imageVolumes: volumes,
    engine: info.version,
    subpaths: info.volumeSubpaths,
    local,
    isIntact: (file) => intact.has(file),
    isThere: existsSync,
  };
  return { ...placeFiles(service, facts), owner };
}

/** Files whose source on this machine still has the content to deploy. */
async function intactFiles(files: readonly ServiceFile[]): Promise<ReadonlySet<ServiceFile>> {
  const intact = await Promise.all(
    files.map(async ({ source, content }) => {
      if (source === undefined) return false;
      return readFile(source, 'base64').then(
        (now) => now === content,
        () => false,
      );
    }),
  );
  return new Set(files.filter((_, index) => intact[index]));
}

/** The facts from the image. The links of an image that is not built yet are unknown. */
async function readImage(
  engine: Engine,
  project: string,
  service: Service,
  volumes: readonly string[],
): Promise<{ readonly linkAt: LinkAt; readonly owner: User }> {
  const image = await engine.inspectImage(service.image);
  if (image === undefined) return { linkAt: () => undefined, owner: ROOT };
  const user = service.user ?? image.user;
  const { platform } = service;
  const spec = { image: service.image, command: ['/look'], ...(platform !== undefined && { platform }) };
  const resolve = (linkAt: LinkAt): void => {
    const mounts = mountsOf(service, { imageVolumes: volumes, linkAt });
    for (const { target } of service.files) resolveFile(target, mounts, linkAt);
  };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const read = await onErrand(engine, project, spec, async (id) => {
      const [linkAt, owner] = await Promise.all([
        readLinks(resolve, async (path) => (await engine.statFile(id, path))?.link),
        numericUser(user) ?? userInContainer(engine, id, service.image, user),
      ]);
      // A command that holds the lease removes such containers. Then missing files prove nothing.
      return (await engine.inspectContainer(id)) === undefined ? undefined : { linkAt, owner };
    });
    if (read !== undefined) return read;
  }
  throw new LobbieError('ENGINE_ERROR', `The image of service ${service.name} could not be read.`, {
    hint: 'Another command may be deploying the same project. Try again.',
  });
}

const MOST_TRIES = 3;
