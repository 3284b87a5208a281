import { LobbieError } from '../model/errors.ts';

/**
 * The meaning of `--replicas n`: replicas of the only service.
 *
 * @throws LobbieError `USAGE` if there are several services
 */
export function replicasOption(services: readonly string[], replicas: number | undefined): Map<string, number> {
  const [only, ...others] = services;
  if (replicas === undefined || only === undefined) return new Map();
  if (others.length === 0) return new Map([[only, replicas]]);
  throw new LobbieError('USAGE', `--replicas needs a project with one service; this one has ${services.length}.`, {
    hint: `Name the service: --scale ${only}=${replicas}`,
  });
}
