import type { ContainerSpec } from '../model/container.ts';
import { isOlder } from './api-version.ts';
import { SINCE } from './container-api.ts';
import { endpointRequest } from './endpoint-request.ts';
import { healthcheckRequest } from './healthcheck-request.ts';
import { hostConfig } from './host-config.ts';
import { portKey } from './port-bindings.ts';

/**
 * The body of `POST /containers/create`, with values as Docker Compose passes them. Before API 1.44 it can have only
 * one network: the first.
 */
export function containerRequest(spec: ContainerSpec, apiVersion: string): object {
  const allAtOnce = !isOlder(apiVersion, SINCE.endpoints);
  const endpoints = spec.networkMode === undefined ? spec.networks.slice(0, allAtOnce ? undefined : 1) : [];
  const macAddress = allAtOnce ? undefined : endpoints[0]?.macAddress;
  return {
    Image: spec.image,
    Labels: spec.labels,
    ...(spec.hostname !== undefined && { Hostname: spec.hostname }),
    ...(spec.domainname !== undefined && { Domainname: spec.domainname }),
    ...(spec.entrypoint && { Entrypoint: spec.entrypoint }),
    ...(spec.command && { Cmd: spec.command }),
    Env: Object.entries(spec.environment ?? {}).map(([name, value]) => (value === null ? name : `${name}=${value}`)),
    ...(spec.user !== undefined && { User: spec.user }),
    ...(spec.workingDir !== undefined && { WorkingDir: spec.workingDir }),
    ...(spec.healthcheck && { Healthcheck: healthcheckRequest(spec.healthcheck, apiVersion) }),
    ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
    ...(spec.stopGracePeriodMs !== undefined && { StopTimeout: Math.ceil(spec.stopGracePeriodMs / 1000) }),
    ...(spec.tty !== undefined && { Tty: spec.tty }),
    ...(spec.stdinOpen !== undefined && { OpenStdin: spec.stdinOpen }),
    ...(spec.stdinOnce && { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    ...(macAddress !== undefined && { MacAddress: macAddress }),
    ExposedPorts: Object.fromEntries(
      [...(spec.ports ?? []), ...(spec.expose ?? []).map((target) => ({ target, protocol: 'tcp' as const }))].map(
        (port) => [portKey(port), {}],
      ),
    ),
    HostConfig: hostConfig(spec, apiVersion),
    ...(endpoints.length > 0 && {
      NetworkingConfig: {
        EndpointsConfig: Object.fromEntries(
          endpoints.map((endpoint) => [endpoint.name, endpointRequest(endpoint, apiVersion)]),
        ),
      },
    }),
  };
}
