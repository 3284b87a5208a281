import type { EngineInfo } from '../model/engine.ts';
import { isOlder, type Version } from './api-version.ts';
import type { Connection } from './connection.ts';
import { SINCE } from './container-api.ts';

/** `Engine.info`. */
export async function info(connection: Connection, version: Version): Promise<EngineInfo> {
  const { Name, NCPU, MemTotal, SecurityOptions } = await connection.json<{
    Name?: string;
    NCPU: number;
    MemTotal: number;
    SecurityOptions?: readonly string[] | null;
  }>({ doing: 'ask for its capabilities', path: '/info' });
  return {
    name: Name ?? '',
    version: version.Version,
    apiVersion: version.ApiVersion,
    cpus: NCPU,
    memoryBytes: MemTotal,
    platform: `${version.Os}/${version.Arch}`,
    volumeSubpaths: !isOlder(version.ApiVersion, SINCE.subpath),
    selinux: (SecurityOptions ?? []).some((option) => option.startsWith('name=selinux')),
  };
}
