import type { Service } from '../../model/service.ts';

/**
 * If a service runs an image that another service builds, gives it that build. As in Docker Compose, it gets the result
 * of the build, not the image that had the name before.
 *
 * @param isBuilt whether a service with a build builds it in this rollout
 */
export function withBuildsOfOthers(
  services: readonly Service[],
  isBuilt: (service: Service) => boolean,
): readonly Service[] {
  const builders = new Map<string, Service>();
  for (const service of services) {
    if (service.build === undefined || !isBuilt(service)) continue;
    for (const name of [service.image, ...(service.build.tags ?? [])])
      if (!builders.has(fullName(name))) builders.set(fullName(name), service);
  }
  return services.map((service) => {
    const builder = builders.get(fullName(service.image));
    if (service.build !== undefined || builder?.build === undefined || !isBuilt(service)) return service;
    const platform = service.platform ?? builder.platform;
    return { ...service, build: builder.build, image: builder.image, ...(platform !== undefined && { platform }) };
  });
}

/** The same image has several spellings: `shop`, `shop:latest`, `docker.io/library/shop`. */
const fullName = (image: string): string => {
  const short = image.replace(/^docker\.io\/(library\/)?/, '');
  return short.lastIndexOf(':') > short.lastIndexOf('/') ? short : `${short}:latest`;
};
