import { mkdirSync } from 'node:fs';
import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HostEnvironment } from './docker-config.ts';
import { controlDirectory, SshConnection } from './ssh-connection.ts';

/**
 * An HTTP agent for an engine behind SSH. Uses the system's `ssh`, with its configuration, keys, agents and known
 * hosts. dockerode's own SSH ignores them, trusts any host and connects again for every request.
 */
export class SshAgent extends Agent {
  readonly #target: URL;
  readonly #surroundings: HostEnvironment;

  constructor(target: URL, surroundings: HostEnvironment) {
    super({ keepAlive: true });
    mkdirSync(controlDirectory(surroundings.homeDirectory), { recursive: true, mode: 0o700 });
    this.#target = target;
    this.#surroundings = surroundings;
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#target, this.#surroundings);
  }
}
