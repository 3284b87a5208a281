import type { Project } from '../../model/project.ts';

/** A network or volume that somebody else is to have made, and has not. */
export interface MissingExternal {
  readonly kind: 'network' | 'volume';
  /** What the file calls it. */
  readonly key: string;
  readonly name: string;
}

/** @param isThere whether the engine has one of that kind and name */
export const missingExternals = (
  { networks, volumes }: Project,
  isThere: (kind: MissingExternal['kind'], name: string) => boolean,
): MissingExternal[] =>
  [
    ...networks.map((network) => ({ ...network, kind: 'network' as const })),
    ...volumes.map((volume) => ({ ...volume, kind: 'volume' as const })),
  ].filter(({ external, kind, name }) => external && !isThere(kind, name));

/** How to make it. */
export const makeCommand = ({ kind, name }: MissingExternal): string => `docker ${kind} create ${name}`;
