import type { EngineInfo } from '../model/engine.ts';
import { isOlder } from './api-version.ts';
import type { Connection } from './connection.ts';
import { SINCE } from './container-api.ts';

/** The name of the cgroup driver of an engine without one. */
export const NO_CGROUPS = 'none';

/** `Engine.info`. */
export async function info(connection: Connection): Promise<EngineInfo> {
  const answer = await connection.ask<EngineAnswer>('ask for its capabilities', connection.docker.info());
  const { Name, NCPU, MemTotal, SecurityOptions, CgroupDriver, DefaultAddressPools } = answer;
  const { newest } = connection.api;
  return {
    name: Name ?? '',
    version: answer.ServerVersion ?? '',
    apiVersion: newest,
    cpus: NCPU,
    memoryBytes: MemTotal,
    volumeSubpaths: !isOlder(newest, SINCE.subpath),
    cgroups: CgroupDriver !== NO_CGROUPS,
    selinux: has(SecurityOptions, 'selinux'),
    rootless: has(SecurityOptions, 'rootless'),
    ...(DefaultAddressPools?.length && {
      addressPools: DefaultAddressPools.map(({ Base, Size }) => ({ base: Base, size: Size })),
    }),
  };
}

const has = (options: EngineAnswer['SecurityOptions'], name: string): boolean =>
  (options ?? []).some((option) => option.split(',')[0] === `name=${name}`);

/** The fields of the answer to `GET /info` that lobbie reads. */
interface EngineAnswer {
  readonly ServerVersion?: string;
  readonly Name?: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly SecurityOptions?: readonly string[] | null;
  readonly CgroupDriver?: string;
  readonly DefaultAddressPools?: readonly { readonly Base: string; readonly Size: number }[] | null;
}
