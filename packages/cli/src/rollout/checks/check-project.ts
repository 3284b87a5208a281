import { LobbieError } from '../../model/errors.ts';
import type { ImageTraits } from '../../model/image.ts';
import type { Project } from '../../model/project.ts';
import { hasHealthcheck } from '../../plan/monitoring-of.ts';

/**
 * Checks what depends on the images and would otherwise fail halfway.
 *
 * @throws LobbieError `INVALID_INPUT` with every problem at once
 */
export function checkProject({ services }: Project, traits: Readonly<Record<string, ImageTraits>>): void {
  const problems: string[] = [];
  for (const service of services) {
    for (const { service: name, condition, required } of service.dependsOn) {
      const dependency = services.find((one) => one.name === name);
      if (condition !== 'healthy' || !required || dependency === undefined) continue;
      if (!hasHealthcheck(dependency, traits[name]))
        problems.push(
          `services.${service.name}.depends_on.${name}: it waits for ${name} to be healthy, but neither ${name} nor its image has a healthcheck`,
        );
    }
  }
  if (problems.length === 0) return;
  throw new LobbieError('INVALID_INPUT', problems.join('\n'), {
    hint: 'Give it a healthcheck, or wait for service_started.',
  });
}
