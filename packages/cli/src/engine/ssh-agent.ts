import { mkdirSync } from 'node:fs';
import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HostEnvironment } from './docker-config.ts';
import { controlDirectory, SshConnection } from './ssh-connection.ts';

/**
 * An HTTP agent for an engine behind SSH. The system's own `ssh` is used, so that its configuration, keys, agents and
 * known hosts hold; dockerode's own SSH knows none of them, trusts any host and connects anew for every request.
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
