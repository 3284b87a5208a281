import type { ContainerDetails, ContainerSummary } from '../model/container.ts';
import { isEveryHostIp } from '../model/host-ip.ts';
import type { IngressState } from '../model/ingress.ts';
import { LABEL } from '../model/names.ts';
import type { StatusIngress, StatusIngressPort } from '../model/results.ts';

/** One ingress for `lobbie status`: its state and its ports. */
export function statusIngress(
  { name, labels, state, addresses, ports: published }: ContainerSummary,
  details: ContainerDetails | undefined,
  told: IngressState | undefined,
  nowMs: number,
  problem: string | null,
): StatusIngress {
  const startedAtMs = state === 'running' ? details?.startedAtMs : undefined;
  return {
    service: labels[LABEL.service] ?? '',
    container: name,
    state,
    problem,
    ports:
      told === undefined
        ? null
        : told.ports.map(
            ({ port, mode, closed, seen }): StatusIngressPort => ({
              port,
              published: [
                ...new Set(
                  published
                    .filter(({ target, protocol }) => target === port && protocol === 'tcp')
                    .map(({ hostIp, published: onHost }) =>
                      isEveryHostIp(hostIp) ? `${onHost}` : `${hostText(hostIp)}:${onHost}`,
                    ),
                ),
              ],
              speaks: mode === 'auto' ? (seen ?? null) : mode,
              open: !closed,
            }),
          ),
    release: labels[LABEL.release] ?? '',
    address: Object.values(addresses)[0] ?? null,
    uptimeSeconds: startedAtMs === undefined ? null : Math.max(0, (nowMs - startedAtMs) / 1000),
  };
}

const hostText = (hostIp: string): string => (hostIp.includes(':') ? `[${hostIp}]` : hostIp);
