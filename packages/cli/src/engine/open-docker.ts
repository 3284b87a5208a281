import { Agent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type DockerModem from 'docker-modem';
import type Dockerode from 'dockerode';
import type { HearCall } from '../model/engine-call.ts';
import type { Candidate } from './choose-endpoint.ts';
import type { HostEnvironment } from './docker-config.ts';
import { hearCalls } from './hear-calls.ts';
import { SshAgent } from './ssh-agent.ts';

/** The clients of dockerode for one engine. */
export interface OpenDocker {
  /** A client for this version of the API. Without a version, it can only request `/version`. */
  docker(apiVersion?: string): Dockerode;
  /** Closes the connections that the clients share. */
  close(): void;
}

const AGENT: AgentOptions = { keepAlive: true };

/** Prepares dockerode for an address. Does not connect yet. */
export async function openDocker(
  { url, tls }: Candidate,
  surroundings: HostEnvironment,
  hear?: HearCall,
): Promise<OpenDocker> {
  // Loaded here, so that only commands that use an engine pay for it.
  const [{ default: Docker }, { engineModem }] = await Promise.all([import('dockerode'), import('./engine-modem.ts')]);
  const open = (agent: Agent, options: DockerModem.ConstructorOptions): OpenDocker => {
    const heard = hear ? hearCalls(agent, hear) : agent;
    return {
      docker: (apiVersion) => {
        const version = apiVersion === undefined ? {} : { version: `v${apiVersion}` };
        const modem = engineModem({ protocol: 'http', ...options, ...version, agent: heard });
        // The types of dockerode do not declare the option `modem`.
        return new Docker({ modem } as Dockerode.DockerOptions);
      },
      close: () => agent.destroy(),
    };
  };

  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === 'unix:') return open(new Agent(AGENT), { socketPath: decodeURI(pathname) });
  if (protocol === 'npipe:') return open(new Agent(AGENT), { socketPath: url.slice('npipe://'.length) });
  if (protocol === 'ssh:') return open(new SshAgent(new URL(url), surroundings), { host: 'docker' });
  if (tls || protocol === 'https:') {
    return open(new HttpsAgent({ ...AGENT, ...tls }), { protocol: 'https', host: hostname, port: port || 2376 });
  }
  return open(new Agent(AGENT), { host: hostname, port: port || 2375 });
}
