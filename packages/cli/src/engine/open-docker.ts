import { Agent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type DockerModem from 'docker-modem';
import type Dockerode from 'dockerode';
import type { HearCall } from '../model/engine-call.ts';
import type { Candidate } from './choose-endpoint.ts';
import type { HostEnvironment } from './docker-config.ts';
import { hearCalls } from './hear-calls.ts';
import { SshAgent } from './ssh-agent.ts';

/** dockerode for one engine. */
export interface OpenDocker {
  /** A client that speaks this version of the API; without one, only `/version` can be asked. */
  docker(apiVersion?: string): Dockerode;
  /** Closes the connections that the clients share. */
  close(): void;
}

const AGENT: AgentOptions = { keepAlive: true };

/** Prepares dockerode for an address. Connects nothing yet. */
export async function openDocker(
  { url, tls }: Candidate,
  surroundings: HostEnvironment,
  hear?: HearCall,
): Promise<OpenDocker> {
  // Only commands that use an engine pay for loading them.
  const [{ default: Docker }, { engineModem }] = await Promise.all([import('dockerode'), import('./engine-modem.ts')]);
  const open = (agent: Agent, options: DockerModem.ConstructorOptions): OpenDocker => {
    const heard = hear ? hearCalls(agent, hear) : agent;
    return {
      docker: (apiVersion) => {
        const version = apiVersion === undefined ? {} : { version: `v${apiVersion}` };
        const modem = engineModem({ protocol: 'http', ...options, ...version, agent: heard });
        // Its types do not know that it takes a modem.
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
