import type { Service } from './service.ts';

/** What one Compose file (or the built-in demo) describes, resolved: every path absolute, every default filled in. */
export interface Project {
  /** Prefix of everything on the engine; lower-case letters, digits, `-` and `_`, as Compose has it. */
  readonly name: string;
  readonly services: readonly Service[];
  /** Those that a service uses. */
  readonly networks: readonly Network[];
  /** Named volumes that a service uses. */
  readonly volumes: readonly Volume[];
  /** Names of services that the file describes and that are not deployed, such as those of a profile that is off. */
  readonly inactive: readonly string[];
  /** The bind-mounted directory that outlives all containers; absent where no service keeps one. */
  readonly history?: HistoryDirectory;
}

export interface Network {
  /** Key in the Compose file. */
  readonly key: string;
  /** Name on the engine. */
  readonly name: string;
  /** Someone else makes it and removes it. */
  readonly external: boolean;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly enableIpv4?: boolean;
  readonly enableIpv6?: boolean;
  readonly ipam?: Ipam;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Ipam {
  readonly driver?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly pools: readonly AddressPool[];
}

/** One subnet of a network. */
export interface AddressPool {
  readonly subnet?: string;
  readonly gateway?: string;
  /** The part of the subnet from which the engine hands out addresses. */
  readonly ipRange?: string;
  readonly auxAddresses?: Readonly<Record<string, string>>;
}

export interface Volume {
  /** Key in the Compose file. */
  readonly key: string;
  /** Name on the engine. */
  readonly name: string;
  /** Someone else makes it; it is never removed. */
  readonly external: boolean;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface HistoryDirectory {
  /** Absolute path on the engine's machine. */
  readonly source: string;
}

/** The name on the engine of the network with this key. */
export const networkName = (networks: readonly Network[], key: string): string =>
  networks.find((one) => one.key === key)?.name ?? key;
