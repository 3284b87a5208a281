import { ServiceError } from './service-error.ts';

/** A check that rejects with the reason if the service cannot do its work. */
export type ReadinessCheck = () => Promise<void> | void;

/** The state of a service between its start and its end. */
export class Lifecycle {
  #state: 'starting' | 'ready' | 'draining' = 'starting';
  readonly #checks: readonly ReadinessCheck[];

  constructor(checks: readonly ReadinessCheck[] = []) {
    this.#checks = checks;
  }

  get state(): 'starting' | 'ready' | 'draining' {
    return this.#state;
  }

  markReady(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  /** This cannot be undone. */
  markDraining(): void {
    this.#state = 'draining';
  }

  /** Rejects with a {@link ServiceError} of status 503 if requests must not be sent here. */
  async assertReady(): Promise<void> {
    if (this.#state !== 'ready') throw new ServiceError(503, `The service is ${this.#state}.`);
    await Promise.all(this.#checks.map((check) => check()));
  }
}
