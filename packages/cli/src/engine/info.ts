import type { EngineInfo } from '../model/engine.ts';
import { isOlder, type Version } from './api-version.ts';
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
    platform: `linux/${GO_NAMES[answer.Architecture ?? ''] ?? (await askArch(connection))}`,
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

/** Names of architectures in `uname`, with their names in platforms of images. */
const GO_NAMES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** `/version` names each architecture as platforms do. It takes the engine 15 ms, because it asks containerd and runc. */
const askArch = async (connection: Connection): Promise<string> =>
  (await connection.ask<Version>('ask for its version', connection.docker.version())).Arch;

/** The fields of the answer to `GET /info` that lobbie reads. */
interface EngineAnswer {
  readonly ServerVersion?: string;
  readonly Name?: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  /** As `uname` names it. */
  readonly Architecture?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly CgroupDriver?: string;
  readonly DefaultAddressPools?: readonly { readonly Base: string; readonly Size: number }[] | null;
}
