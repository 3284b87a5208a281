import { plainAddress } from '../model/address-range.ts';
import type { ContainerDetails, ContainerStateName, ContainerSummary, Health } from '../model/container.ts';
import type { Healthcheck, RestartPolicy } from '../model/service.ts';

const NS_PER_MS = 1_000_000;

/** The fields of an entry of `GET /containers/json` that lobbie reads. */
export interface ListedContainer {
  readonly Id: string;
  readonly Names?: readonly string[] | null;
  readonly Image: string;
  readonly ImageID: string;
  readonly Labels?: Record<string, string> | null;
  readonly State: ContainerStateName;
  readonly Status: string;
  readonly Ports?: readonly { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[] | null;
  readonly NetworkSettings?: { Networks?: Networks } | null;
}

/** The fields of the answer to `GET /containers/{id}/json` that lobbie reads. */
export interface InspectedContainer {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly Config: { Image: string; Labels?: Record<string, string> | null; Healthcheck?: WireHealthcheck | null };
  readonly State: {
    Status: ContainerStateName;
    /** 0 if it does not run. */
    Pid?: number;
    OOMKilled: boolean;
    ExitCode: number;
    Error: string;
    StartedAt: string;
    FinishedAt: string;
    Health?: { Status: string; Log?: readonly { Output: string }[] | null } | null;
  };
  readonly NetworkSettings?: {
    Networks?: Networks;
    Ports?: Record<string, readonly { HostIp: string; HostPort: string }[] | null> | null;
  } | null;
  readonly HostConfig?: { RestartPolicy?: { Name: string; MaximumRetryCount: number } | null } | null;
  readonly Mounts?: readonly { Type: string; Name?: string; Destination: string }[] | null;
}

type Networks = Record<string, Endpoint | null> | null;

interface Endpoint {
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
  /** The addresses that were requested. */
  readonly IPAMConfig?: { IPv4Address?: string; IPv6Address?: string } | null;
}

interface WireHealthcheck {
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly Retries?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
}

/**
 * Health and exit code come from the text of the status, `Up 2 minutes (healthy)` and `Exited (0) 3 hours ago`: before
 * API 1.52, the list does not have them anywhere else.
 */
export function summaryOf(listed: ListedContainer): ContainerSummary {
  return {
    id: listed.Id,
    // A container that others link to has more names below theirs, such as `/web/db`. Its own name has one slash.
    name: (listed.Names?.find((name) => name.lastIndexOf('/') === 0) ?? listed.Names?.[0] ?? '').replace(/^\//, ''),
    image: listed.Image,
    imageId: listed.ImageID,
    labels: listed.Labels ?? {},
    state: listed.State,
    health: healthOfStatus(listed.Status),
    addresses: addressesOf(listed.NetworkSettings?.Networks),
    heldAddresses: heldAddressesOf(listed.NetworkSettings?.Networks),
    ports: (listed.Ports ?? []).flatMap(({ IP, PrivatePort, PublicPort, Type }) =>
      PublicPort === undefined
        ? []
        : [{ hostIp: IP ?? '', published: PublicPort, target: PrivatePort, protocol: Type }],
    ),
    exitCode: exitCodeOfStatus(listed.Status),
  };
}

export function detailsOf(inspected: InspectedContainer): ContainerDetails {
  const { State: state, Config: config } = inspected;
  const startedAtMs = timeOf(state.StartedAt);
  const over = state.Status !== 'running' && state.Status !== 'paused' && state.Status !== 'created';
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    image: config.Image,
    imageId: inspected.Image,
    labels: config.Labels ?? {},
    state: state.Status,
    health: healthOf(state.Health?.Status),
    addresses: addressesOf(inspected.NetworkSettings?.Networks),
    heldAddresses: heldAddressesOf(inspected.NetworkSettings?.Networks),
    ports: publishedPorts(inspected.NetworkSettings?.Ports ?? {}),
    startedAtMs,
    finishedAtMs: over ? timeOf(state.FinishedAt) : undefined,
    exitCode: over && startedAtMs !== undefined ? state.ExitCode : undefined,
    oomKilled: state.OOMKilled,
    restartCount: inspected.RestartCount,
    error: state.Error,
    healthcheck: healthcheckOf(config.Healthcheck),
    restart: restartOf(inspected.HostConfig?.RestartPolicy),
    volumes: (inspected.Mounts ?? []).flatMap(({ Type, Name, Destination }) =>
      Type === 'volume' && Name !== undefined ? [{ name: Name, target: Destination }] : [],
    ),
    lastHealthOutput: state.Health?.Log?.at(-1)?.Output.trim(),
  };
}

function healthOfStatus(status: string): Health {
  const word = /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(status)?.[1];
  return healthOf(word);
}

function exitCodeOfStatus(status: string): number | undefined {
  const code = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(status)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** For a container that is never restarted, the engine writes nothing or `no`. */
function restartOf(wire: { Name: string; MaximumRetryCount: number } | null | undefined): RestartPolicy {
  switch (wire?.Name) {
    case 'always':
    case 'unless-stopped':
      return { name: wire.Name };
    case 'on-failure':
      return { name: wire.Name, ...(wire.MaximumRetryCount > 0 && { maxRetries: wire.MaximumRetryCount }) };
    default:
      return { name: 'no' };
  }
}

const healthOf = (word: string | undefined): Health =>
  word === 'starting' || word === 'healthy' || word === 'unhealthy' ? word : 'none';

function addressesOf(networks: Networks | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(networks ?? {}).flatMap(([name, endpoint]) =>
      endpoint?.IPAddress ? [[name, endpoint.IPAddress]] : [],
    ),
  );
}

function heldAddressesOf(networks: Networks | undefined): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(networks ?? {}).map(([name, endpoint]) => {
      const { IPAddress, GlobalIPv6Address, IPAMConfig } = endpoint ?? {};
      const found = [IPAddress, GlobalIPv6Address, IPAMConfig?.IPv4Address, IPAMConfig?.IPv6Address];
      return [name, [...new Set(found.flatMap((one) => (one ? (plainAddress(one) ?? []) : [])))]];
    }),
  );
}

function publishedPorts(ports: Record<string, readonly { HostIp: string; HostPort: string }[] | null>) {
  return Object.entries(ports).flatMap(([key, bindings]) => {
    const [target, protocol = 'tcp'] = key.split('/');
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      hostIp: HostIp,
      published: Number(HostPort),
      target: Number(target),
      protocol,
    }));
  });
}

/** The engine writes year 1 if it never happened. */
function timeOf(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms <= 0 ? undefined : ms;
}

/** Absent or zero durations are the engine's defaults: 30 s, 30 s, 3 retries, no start period. */
function healthcheckOf(wire: WireHealthcheck | null | undefined): Healthcheck | undefined {
  const test = wire?.Test ?? [];
  if (test.length === 0 || test[0] === 'NONE') return undefined;
  return {
    test,
    intervalMs: (wire?.Interval || 30_000 * NS_PER_MS) / NS_PER_MS,
    timeoutMs: (wire?.Timeout || 30_000 * NS_PER_MS) / NS_PER_MS,
    retries: wire?.Retries || 3,
    startPeriodMs: (wire?.StartPeriod ?? 0) / NS_PER_MS,
    ...(wire?.StartInterval && { startIntervalMs: wire.StartInterval / NS_PER_MS }),
  };
}
