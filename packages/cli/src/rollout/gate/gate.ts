import type { LimitFunction } from 'p-limit';
import type { Clock } from '../../model/clock.ts';
import type { ContainerDetails } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import type { Service } from '../../model/service.ts';
import type { Peer } from '../../model/step-inputs.ts';
import type { ListeningSocket } from '../observe/listening-sockets.ts';
import type { DialTarget } from './dial.ts';
import type { GateEvents } from './gate-events.ts';

export interface GatePort extends DialTarget {
  /** It has never been open. If the replica works without it, it may stay closed. */
  readonly doubtful?: true;
  /** Its protocol is detected by the first bytes, so it must be known whether the server sends first. */
  readonly detected?: true;
}

/** What a gate found out about a replica's ports. */
export interface PortFindings {
  /** Whether its listening sockets were examined. */
  readonly looked: boolean;
  /** The ports that were checked. */
  readonly asked: readonly number[];
  readonly open: readonly number[];
  /** Doubtful ports that stayed closed although the replica works. */
  readonly closed: readonly number[];
  /** Open ports on which the replica sends before its client does. */
  readonly speakFirst: readonly number[];
  /** Ports that others can reach but that look random: the ingress does not use them. */
  readonly random: readonly number[];
  /** Ports that answered over HTTP when the healthcheck asked them. */
  readonly http: readonly number[];
}

/** The result of a gate that a replica has passed. */
export interface GatePassed {
  readonly findings: PortFindings;
  /**
   * Finds ports that neither the file nor the image names, by the sockets on which the replica listens. Takes longer
   * than the rest, and the known ports need not wait for it. Undefined if nobody needs to know.
   */
  readonly findMore: (() => Promise<PortFindings>) | undefined;
}

/** A replica that must prove that it works, and the means to find out. */
export interface Gate {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly service: Service;
  readonly replica: string;
  readonly container: ContainerDetails;
  /** Ports that must accept connections: those that its ingress listens on. */
  readonly ports: readonly GatePort[];
  /** Makes the ingress listen on ports for the replica itself, because its healthcheck may use its service's name. */
  readonly listenEarly?: (ports: readonly number[]) => Promise<void>;
  /** Ports that may be open: the file or the image names them, or they were closed before. */
  readonly candidates: readonly GatePort[];
  /**
   * Finds the TCP sockets on which it listens, and how to reach one of its ports. Absent if no ingress needs to know,
   * or if other services share its network.
   */
  readonly look?: {
    readonly sockets: () => Promise<readonly ListeningSocket[]>;
    readonly target: (port: number) => GatePort;
  };
  /** The services that share its network and may listen on its ports. */
  readonly sharedBy: readonly string[];
  /** The other services of the project, to name in messages about failed connections. */
  readonly peers?: readonly Peer[];
  /** Where to request `ingress.healthPath`. */
  readonly healthPort: DialTarget | undefined;
  readonly events: GateEvents;
  /** Shared by all replicas, because their healthchecks share the engine's cores. */
  readonly checks: LimitFunction;
  /** Milliseconds; replaces the deadline of the healthcheck. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  /** Called for each failed check. */
  readonly waiting: (lastCheck: string) => void;
}
