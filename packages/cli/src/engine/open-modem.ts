import { Agent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type Modem from 'docker-modem';
import type { HearCall } from '../model/engine-call.ts';
import type { Candidate } from './choose-endpoint.ts';
import type { HostEnvironment } from './docker-config.ts';
import { hearCalls } from './hear-calls.ts';
import { SshAgent } from './ssh-agent.ts';

/** A modem and how to let go of its connections. */
export interface OpenModem {
  readonly modem: Modem;
  close(): void;
}

const AGENT: AgentOptions = { keepAlive: true };

/** Prepares a modem for an address; connects nothing yet. docker-modem costs 40 ms (most of it ssh2), hence the import. */
export async function openModem(
  { url, tls }: Candidate,
  surroundings: HostEnvironment,
  hear?: HearCall,
): Promise<OpenModem> {
  const { EngineModem } = await import('./engine-modem.ts');
  // Everything is said outright, for docker-modem takes what is missing from DOCKER_HOST and its siblings.
  const unset = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
  const open = (agent: Agent, options: object): OpenModem => ({
    modem: new EngineModem({ ...unset, protocol: 'http', ...options, agent: hear ? hearCalls(agent, hear) : agent }),
    close: () => agent.destroy(),
  });

  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === 'unix:') return open(new Agent(AGENT), { socketPath: decodeURI(pathname) });
  if (protocol === 'npipe:') return open(new Agent(AGENT), { socketPath: url.slice('npipe://'.length) });
  if (protocol === 'ssh:') return open(new SshAgent(new URL(url), surroundings), { host: 'docker' });
  if (tls || protocol === 'https:') {
    return open(new HttpsAgent({ ...AGENT, ...tls }), { protocol: 'https', host: hostname, port: port || 2376 });
  }
  return open(new Agent(AGENT), { host: hostname, port: port || 2375 });
}
