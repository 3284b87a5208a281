import type { ContainerSettings, DeviceRequest } from '../model/container-settings.ts';

/** Devices and requests for them, for `HostConfig`. */
export function devicesRequest({ devices, deviceRequests }: ContainerSettings): Record<string, object[] | undefined> {
  const byName = devices?.filter(isCdi).map(({ host }) => host) ?? [];
  const requests = deviceRequests?.map(deviceRequest) ?? [];
  return {
    Devices: devices
      ?.filter((device) => !isCdi(device))
      .map(({ host, container, permissions }) => ({
        PathOnHost: host,
        PathInContainer: container,
        CgroupPermissions: permissions || 'rwm',
      })),
    DeviceRequests:
      byName.length > 0 ? [...requests, { Driver: 'cdi', DeviceIDs: byName }] : deviceRequests && requests,
  };
}

/** A device of the Container Device Interface, `vendor.com/class=name`; its driver knows the path. */
const isCdi = ({ host, container }: { readonly host: string; readonly container: string }): boolean =>
  host === container && /^[A-Za-z][\w.-]*\/[A-Za-z][\w-]*=[\w.:-]+$/.test(host);

const deviceRequest = ({ driver, count, deviceIds, capabilities, options }: DeviceRequest): object => ({
  ...(driver !== undefined && { Driver: driver }),
  // All devices, unless a count or names are given.
  Count: count ?? (deviceIds === undefined ? -1 : 0),
  ...(deviceIds && { DeviceIDs: deviceIds }),
  ...(capabilities.length > 0 && { Capabilities: [capabilities] }),
  ...(options && { Options: options }),
});
