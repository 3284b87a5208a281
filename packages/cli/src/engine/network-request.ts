import type Dockerode from 'dockerode';
import type { NetworkSpec } from '../model/engine-spec.ts';
import { LobbieError } from '../model/errors.ts';
import type { Ipam } from '../model/project.ts';
import { type ApiVersions, isOlder } from './api-version.ts';

/** Since this version of the API a network can be without IPv4. */
const WITHOUT_IPV4 = '1.48';

/**
 * A network as `POST /networks/create` wants it, and the version of the API that has all it asks for.
 *
 * @throws LobbieError `INVALID_INPUT` for what the engine is too old for
 */
export function networkRequest(
  network: NetworkSpec,
  { spoken, newest }: ApiVersions,
): { readonly body: Dockerode.NetworkCreateOptions; readonly apiVersion: string } {
  const withoutIpv4 = network.enableIpv4 === false;
  if (withoutIpv4 && isOlder(newest, WITHOUT_IPV4)) {
    throw new LobbieError(
      'INVALID_INPUT',
      `Network "${network.name}" is to be without IPv4: that needs Docker 28.0, and the engine is older.`,
      { hint: 'Upgrade Docker (https://docs.docker.com/engine/install/), or leave enable_ipv4 out.' },
    );
  }
  const { name, labels, driver, driverOpts, internal, attachable, enableIpv6, ipam } = network;
  return {
    apiVersion: withoutIpv4 && isOlder(spoken, WITHOUT_IPV4) ? WITHOUT_IPV4 : spoken,
    body: {
      Name: name,
      // Old engines made a second network of the name otherwise.
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
