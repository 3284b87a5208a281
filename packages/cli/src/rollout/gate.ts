import type { LimitFunction } from 'p-limit';
import type { Clock } from '../model/clock.ts';
import type { ContainerDetails } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import type { Service } from '../model/service.ts';
import type { DialTarget } from './dial.ts';
import type { GateEvents } from './gate-events.ts';

export interface GatePort extends DialTarget {
  /** Nobody has seen it open yet: where the replica works without, it may stay closed. */
  readonly doubtful?: true;
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
