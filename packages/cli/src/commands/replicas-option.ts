import { LobbieError } from '../model/errors.ts';

/**
 * What `--replicas n` means: the replicas of the one service there is.
 *
 * @throws LobbieError `USAGE` when there are several
 */
export function replicasOption(services: readonly string[], replicas: number | undefined): Map<string, number> {
  const [only, ...others] = services;
  if (replicas === undefined || only === undefined) return new Map();
  if (others.length === 0) return new Map([[only, replicas]]);
  throw new LobbieError('USAGE', `--replicas is for a project of one service; this one has ${services.length}.`, {
    hint: `Name the service: --scale ${only}=${replicas}`,
  });
}
