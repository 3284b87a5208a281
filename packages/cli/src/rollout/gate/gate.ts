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
  /** Nobody has seen it open yet: where the replica works without, it may stay closed. */
  readonly doubtful?: true;
  /** Connections to it are detected by their first bytes: whether it speaks first has to be known. */
  readonly detected?: true;
}

/** What a gate found out about the ports of a replica. */
export interface PortFindings {
  /** Its listening sockets were looked at. */
  readonly looked: boolean;
  /** Those that were asked. */
  readonly asked: readonly number[];
  readonly open: readonly number[];
  /** Doubtful ones that stayed closed although the replica works. */
  readonly closed: readonly number[];
  /** Those of the open ones on which the replica sends before its client does. */
  readonly speakFirst: readonly number[];
  /** Ports that others can reach and that it may have got at random: the ingress does not serve them. */
  readonly random: readonly number[];
  /** Those that answered over HTTP when the healthcheck asked them. */
  readonly http: readonly number[];
}

/** A replica that has to prove that it works, and what that is found out with. */
export interface Gate {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly service: Service;
  readonly replica: string;
  readonly container: ContainerDetails;
  /** Ports that have to accept a connection: those its ingress listens on. */
  readonly ports: readonly GatePort[];
  /** Has the ingress listen on ports for the replica itself: its healthcheck may ask it by its service's name. */
  readonly listenEarly?: (ports: readonly number[]) => Promise<void>;
  /** Ports that may be open and need not: the file or the image names them, or nothing listened there before. */
  readonly candidates: readonly GatePort[];
  /**
   * Finds the TCP sockets on which it listens, and how to reach a port of it. Absent where no ingress needs to know, or
   * where others share its network.
   */
  readonly look?: {
    readonly sockets: () => Promise<readonly ListeningSocket[]>;
    readonly target: (port: number) => GatePort;
  };
  /** The services that share its network and may be the ones that listen on its ports. */
  readonly sharedBy: readonly string[];
  /** The other services of the project: a message about a failed connection may name one. */
  readonly peers?: readonly Peer[];
  /** Where `ingress.healthPath` is asked for. */
  readonly healthPort: DialTarget | undefined;
  readonly events: GateEvents;
  /** Healthchecks of all replicas share the engine's cores. */
  readonly checks: LimitFunction;
  /** Milliseconds; replaces the deadline of the healthcheck. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  /** Told whenever a check has failed. */
  readonly waiting: (lastCheck: string) => void;
}
