import type Dockerode from 'dockerode';
import type { NetworkSpec } from '../model/engine-spec.ts';
import { LobbieError } from '../model/errors.ts';
import type { Ipam } from '../model/project.ts';
import { type ApiVersions, isOlder } from './api-version.ts';

/** The version of the API since which a network can be without IPv4. */
const WITHOUT_IPV4 = '1.48';

/**
 * The body of `POST /networks/create`, and the version of the API that it needs.
 *
 * @throws LobbieError `INVALID_INPUT` if the engine is too old for a setting
 */
export function networkRequest(
  network: NetworkSpec,
  { spoken, newest }: ApiVersions,
): { readonly body: Dockerode.NetworkCreateOptions; readonly apiVersion: string } {
  const withoutIpv4 = network.enableIpv4 === false;
  if (withoutIpv4 && isOlder(newest, WITHOUT_IPV4)) {
    throw new LobbieError(
      'INVALID_INPUT',
      `Network "${network.name}" disables IPv4, which needs Docker 28.0, but the engine is older.`,
      { hint: 'Upgrade Docker (https://docs.docker.com/engine/install/), or remove enable_ipv4.' },
    );
  }
  const { name, labels, driver, driverOpts, internal, attachable, enableIpv6, ipam } = network;
  return {
    apiVersion: withoutIpv4 && isOlder(spoken, WITHOUT_IPV4) ? WITHOUT_IPV4 : spoken,
    body: {
      Name: name,
      // Without this, old engines create a second network with the same name.
      CheckDuplicate: true,
      Driver: driver ?? 'bridge',
      Labels: labels,
      Internal: internal ?? false,
      Attachable: attachable ?? false,
      EnableIPv6: enableIpv6 ?? false,
      ...(withoutIpv4 && { EnableIPv4: false }),
      ...(driverOpts && { Options: driverOpts }),
      ...(ipam && { IPAM: ipamRequest(ipam) }),
    },
  };
}

const ipamRequest = ({ driver, options, pools }: Ipam): Dockerode.IPAM => ({
  Driver: driver ?? 'default',
  ...(options && { Options: options }),
  Config: pools.map(({ subnet, gateway, ipRange, auxAddresses }) => ({
    ...(subnet !== undefined && { Subnet: subnet }),
    ...(gateway !== undefined && { Gateway: gateway }),
    ...(ipRange !== undefined && { IPRange: ipRange }),
    ...(auxAddresses && { AuxiliaryAddresses: auxAddresses }),
  })),
});
