import type { AddressPool, Ipam } from './project.ts';

export interface NetworkSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly enableIpv4?: boolean;
  readonly enableIpv6?: boolean;
  readonly ipam?: Ipam;
}

/** A network that exists. */
export interface NetworkDetails {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly pools: readonly AddressPool[];
}

/** A network in a list. */
export interface FoundNetwork extends NetworkDetails {
  readonly name: string;
}

export interface VolumeSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
}
