import { resolve } from 'node:path';
import type { Build } from '../../model/build.ts';
import { LobbieError } from '../../model/errors.ts';
import type { ImageBuild, ImageDetails, ImageTraits } from '../../model/image.ts';
import type { Project } from '../../model/project.ts';
import { IMAGE_LABEL } from '../../model/reserved.ts';
import type { PullPolicy, Service } from '../../model/service.ts';
import type { ImageOptions } from '../given/request.ts';
import { buildImage } from './build-image.ts';
import { type Needs, type Pulls, pullFailureFor, pullsOf } from './ensure-pulled.ts';
import { refusePosing } from './refuse-posing.ts';
import { type ResolvedBuild, resolveBuild } from './resolve-build.ts';
import { withBuildsOfOthers } from './with-builds-of-others.ts';

export interface ResolvedImages {
  /** The project with each built image's tag set to the hash of its content. */
  readonly project: Project;
  /** Id by reference, of images that exist. */
  readonly images: Readonly<Record<string, string>>;
  /** How to build images that may be missing. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
  /** What each service's image says about itself, by service name. */
  readonly traits: Readonly<Record<string, ImageTraits>>;
}

export interface ImageNeeds {
  /** Services from the ledger: their images are used as they are, never built. */
  readonly asDeployed: (service: string) => boolean;
  /** The key of the ledger, for fingerprints of secret build args. */
  readonly key: string;
  readonly options: ImageOptions;
}

interface Resolved {
  readonly service: Service;
  readonly id: string | undefined;
  readonly build?: ImageBuild;
  readonly traits: ImageTraits;
  /** Undefined if it is not built yet. */
  readonly details: ImageDetails | undefined;
}

/**
 * Decides which image each service runs. A built image gets a tag from the hash of its content; services with the same
 * build or image share the work. Images that are missing or must be updated are pulled, bases first, and built before
 * planning, because only the result shows whether anything changes.
 */
export async function resolveImages(needs: Needs, project: Project, how: ImageNeeds): Promise<ResolvedImages> {
  const pulls = pullsOf(needs);
  const builds = new Map<string, Promise<Resolved>>();
  const services = withBuildsOfOthers(project.services, ({ name }) => !how.asDeployed(name));
  const resolved = await Promise.all(
    services.map(async (service) => {
      if (service.build === undefined || how.asDeployed(service.name)) return asItIs(needs, pulls, service, how);
      const key = JSON.stringify([service.image, service.build, service.platform]);
      const building = builds.get(key) ?? built(needs, pulls, project, service, how);
      builds.set(key, building);
      const shared = await building;
      // Without the build, if the plain image is used instead.
      const { build: _, ...plain } = service;
      const kept = shared.service.build === undefined ? plain : service;
      return { ...shared, service: { ...kept, image: shared.service.image } };
    }),
  );
  refusePosing(resolved);
  return {
    project: { ...project, services: resolved.map(({ service }) => service) },
    images: Object.fromEntries(resolved.flatMap(({ service, id }) => (id === undefined ? [] : [[service.image, id]]))),
    builds: Object.fromEntries(
      resolved.flatMap(({ service, build }) => (build === undefined ? [] : [[service.image, build]])),
    ),
    traits: Object.fromEntries(resolved.map(({ service, traits }) => [service.name, traits])),
  };
}

/** An image that is not built, or that an earlier release built. */
async function asItIs(
  { engine }: Needs,
  pulls: Pulls,
  service: Service,
  { asDeployed, options }: ImageNeeds,
): Promise<Resolved> {
  const { image, platform } = service;
  if (service.build !== undefined) {
    const details = await engine.inspectImage(image);
    if (details !== undefined) return resolvedAs(service, details);
    throw new LobbieError('IMAGE_BUILD_FAILED', `Image ${image} of the deployed release is no longer on the engine.`, {
      hint: 'Run `lobbie deploy`: it builds the image again.',
    });
  }
  const policy = asDeployed(service.name) ? 'missing' : policyOf(service, options);
  return resolvedAs(service, await pulls.ensure(image, policy, platform));
}

const resolvedAs = (service: Service, details: ImageDetails): Resolved => ({
  service,
  id: details.id,
  traits: details,
  details,
});

/** Without a build there is nothing to build, so `build` has no effect. */
const policyOf = ({ pullPolicy }: Service, { pull }: ImageOptions): PullPolicy =>
  pull ?? (pullPolicy === 'build' ? 'missing' : pullPolicy);

async function built(
  needs: Needs,
  pulls: Pulls,
  project: Project,
  service: Service,
  { key, options }: ImageNeeds,
): Promise<Resolved> {
  const { build, image, platform, name } = service;
  if (build === undefined) throw new LobbieError('BUG', `Service ${name} has no build.`);
  const result = await resolveBuild(
    needs,
    pulls,
    image,
    { ...build, ...(build.platform === undefined && platform !== undefined && { platform }) },
    {
      labels: { [IMAGE_LABEL]: project.name },
      key,
      ...(options.pull === 'always' && { pull: true }),
      // Compose's default name is not a name that the user chose.
      tags: image === `${project.name}-${name}` ? [] : [image],
    },
  ).catch((error: unknown) => {
    throw pullFailureFor(error, `The image of service ${name} is built on it: ${dockerfileOf(build)}.`);
  });
  const isThere = result.existing !== undefined;
  if (!isThere && options.build === 'never') return unbuilt(needs, service);
  if (options.build === 'always' || (!isThere && options.build !== 'later')) return buildNow(needs, service, result);
  const { existing: details, traits } = result;
  return { service: { ...service, image: result.image }, id: details?.id, build: result.build, traits, details };
}

/** Where the base of a build is named. */
const dockerfileOf = ({ context, dockerfile, dockerfileInline }: Build): string =>
  dockerfileInline === undefined ? resolve(context, dockerfile) : 'dockerfile_inline in the Compose file';

async function buildNow(needs: Needs, service: Service, { image, build }: ResolvedBuild): Promise<Resolved> {
  await buildImage(needs, image, build);
  const details = await needs.engine.inspectImage(image);
  if (details === undefined)
    throw new LobbieError('IMAGE_BUILD_FAILED', `Image ${image} was built but is missing.`, {
      hint: 'Another program may be removing images. Try again.',
    });
  return { ...resolvedAs({ ...service, image }, details), build };
}

/** An image that someone else built or pulled under the service's own name. */
async function unbuilt({ engine }: Needs, { build: _, ...service }: Service): Promise<Resolved> {
  const details = await engine.inspectImage(service.image);
  if (details !== undefined) return resolvedAs(service, details);
  throw new LobbieError('IMAGE_BUILD_FAILED', `Image ${service.image} of service ${service.name} is not built.`, {
    hint: 'Deploy without --no-build.',
  });
}
