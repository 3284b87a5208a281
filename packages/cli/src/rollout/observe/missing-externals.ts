import type { Project } from '../../model/project.ts';

/** An external network or volume that does not exist. */
export interface MissingExternal {
  readonly kind: 'network' | 'volume';
  /** Its key in the file. */
  readonly key: string;
  readonly name: string;
}

/** @param isThere whether the engine has one of this kind and name */
export const missingExternals = (
  { networks, volumes }: Project,
  isThere: (kind: MissingExternal['kind'], name: string) => boolean,
): MissingExternal[] =>
  [
    ...networks.map((network) => ({ ...network, kind: 'network' as const })),
    ...volumes.map((volume) => ({ ...volume, kind: 'volume' as const })),
  ].filter(({ external, kind, name }) => external && !isThere(kind, name));

/** The command that creates it. */
export const makeCommand = ({ kind, name }: MissingExternal): string => `docker ${kind} create ${name}`;
