import type { Service } from './service.ts';

/** A resolved Compose file (or the built-in demo): every path is absolute, every default filled in. */
export interface Project {
  /** Prefix of all names on the engine. Lower-case letters, digits, `-` and `_`, as in Compose. */
  readonly name: string;
  readonly services: readonly Service[];
  /** The networks that services use. */
  readonly networks: readonly Network[];
  /** The named volumes that services use. */
  readonly volumes: readonly Volume[];
  /** Names of services in the file that are not deployed, such as those of an inactive profile. */
  readonly inactive: readonly string[];
  /** The bind-mounted directory that outlives all containers; absent if no service has one. */
  readonly history?: HistoryDirectory;
}

export interface Network {
  /** Key in the Compose file. */
  readonly key: string;
  /** Name on the engine. */
  readonly name: string;
  /** lobbie neither creates nor removes it. */
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
  /** The part of the subnet from which the engine assigns addresses. */
  readonly ipRange?: string;
  readonly auxAddresses?: Readonly<Record<string, string>>;
}

export interface Volume {
  /** Key in the Compose file. */
  readonly key: string;
  /** Name on the engine. */
  readonly name: string;
  /** lobbie neither creates nor removes it. */
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
