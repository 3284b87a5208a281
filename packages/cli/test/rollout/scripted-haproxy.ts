import { Duplex } from 'node:stream';
import { ownAddresses, ownHost } from '../../src/ingress/own-addresses.ts';
import { parseState } from '../../src/ingress/parse-state.ts';
import { ADDRESSES, addressName, backendNames, serverName } from '../../src/ingress/proxy-names.ts';
import { fingerprint } from '../../src/ingress/render-haproxy-config.ts';
import type { IngressState } from '../../src/model/ingress.ts';

/** As much of a running HAProxy as the ingress speaks to: servers, set by name, and what they say of themselves. */
export interface ScriptedHaproxy {
  /** Containers that get requests now. */
  ready(): string[];
  /** Reads the configuration anew, as a reload does. */
  reload(config: string): void;
  /** A conversation with its runtime socket. */
  converse(): Duplex;
  stop(): void;
}

interface Server {
  readonly proxy: string;
  readonly name: string;
  fqdn: string;
  admin: 'ready' | 'maint' | 'drain';
  /** As it was set; else the name decides. */
  address?: string;
}

const ADMIN_BITS = { ready: 0, maint: 1, drain: 8 } as const;

/** @param addressOf the engine's DNS: the address of a running container */
export function scriptedHaproxy(
  config: string,
  placeholder: string,
  addressOf: (name: string) => string | undefined,
): ScriptedHaproxy {
  let state: IngressState = parseState(config);
  let servers: Server[] = [];
  let pid = 0;
  const streams = new Set<Duplex>();
  const load = (text: string): void => {
    state = parseState(text);
    pid += 1;
    servers = state.ports.flatMap(backendNames).flatMap((proxy) =>
      state.slots.map(
        (fill, slot): Server => ({
          proxy,
          name: serverName(slot),
          fqdn: fill?.container ?? placeholder,
          admin: fill?.state === 'ready' ? 'ready' : 'maint',
        }),
      ),
    );
    servers.push(
      ...state.slots.flatMap((fill, slot) =>
        ownAddresses(state).map(
          (own, index): Server => ({
            proxy: ADDRESSES,
            name: addressName(slot, index),
            fqdn: fill === null ? placeholder : ownHost(fill.container, own),
            admin: 'maint',
          }),
        ),
      ),
    );
  };
  const set = (path: string, act: string): string => {
    const server = servers.find(({ proxy, name }) => `${proxy}/${name}` === path);
    if (server === undefined) return 'No such server.';
    const [what, value = ''] = act.split(' ');
    if (what === 'fqdn') Object.assign(server, { fqdn: value, address: undefined });
    if (what === 'addr') server.address = value;
    if (what === 'state' && (value === 'ready' || value === 'maint' || value === 'drain')) server.admin = value;
    return '';
  };
  const answer = (command: string): string => {
    const [, path = '', act = ''] = /^set server (\S+) (.*)$/.exec(command) ?? [];
    if (path !== '') return set(path, act);
    if (command === 'show info') return `Pid: ${pid}\nDescription: ${fingerprint(state)}`;
    if (command === 'show servers state') return ['1', STATE_FIELDS, ...servers.map(stateLine)].join('\n');
    if (command.startsWith('show stat'))
      return ['# pxname,svname,qcur,scur,type', ...servers.map((one) => `${one.proxy},${one.name},0,0,2`)].join('\n');
    return '';
  };
  const stateLine = ({ proxy, name, fqdn, admin, address: set }: Server): string => {
    const address = set ?? (fqdn === placeholder ? '10.9.9.9' : addressOf(fqdn));
    return [proxy, name, address ?? '-', address === undefined ? 0 : 2, ADMIN_BITS[admin], fqdn].join(' ');
  };
  load(config);
  return {
    ready: () => [...new Set(servers.flatMap(({ admin, fqdn }) => (admin === 'ready' ? [fqdn] : [])))].toSorted(),
    reload: load,
    converse() {
      const stream = new Duplex({
        read: () => undefined,
        write(chunk: Buffer, _, done) {
          const commands = chunk.toString('utf8').trimEnd().split('\n');
          this.push(commands.map((command) => `${answer(command)}\n\n> `).join(''));
          done();
        },
      });
      streams.add(stream);
      return stream;
    },
    stop() {
      for (const stream of streams) stream.destroy();
    },
  };
}

const STATE_FIELDS = '# be_name srv_name srv_addr srv_op_state srv_admin_state srv_fqdn';
