/** The current state of one server in HAProxy. */
export interface ServerState {
  /** Name of the proxy. */
  readonly proxy: string;
  /** Name of the slot. */
  readonly server: string;
  /** The address in use; undefined if the name does not resolve. */
  readonly address: string | undefined;
  readonly name: string | undefined;
  readonly running: boolean;
  /** Why it gets no requests even if it is running. */
  readonly admin: 'none' | 'maintenance' | 'drain' | 'unresolved';
}

// Bits of srv_admin_state, from HAProxy's management guide and include/haproxy/server-t.h.
const FORCED_MAINTENANCE = 0x01 | 0x02;
const DRAIN = 0x08 | 0x10;
const UNRESOLVED = 0x20;
const RUNNING = '2';

/** Reads the answer to `show servers state`: a version, a line of field names, and one line for each server. */
export const parseServerStates = (answer: string): ServerState[] => {
  const lines = answer.split('\n');
  const header = lines.findIndex((line) => line.startsWith('# '));
  const fields = lines[header]?.slice(2).split(' ') ?? [];
  return lines.slice(header + 1).flatMap((line) => {
    const values = line.split(' ');
    const field = (name: string): string => values[fields.indexOf(name)] ?? '';
    const known = (name: string): string | undefined => (['-', ''].includes(field(name)) ? undefined : field(name));
    if (field('srv_name') === '') return [];
    return {
      proxy: field('be_name'),
      server: field('srv_name'),
      address: known('srv_addr'),
      name: known('srv_fqdn'),
      running: field('srv_op_state') === RUNNING,
      admin: adminOf(Number(field('srv_admin_state'))),
    };
  });
};

const adminOf = (bits: number): ServerState['admin'] => {
  if (bits & FORCED_MAINTENANCE) return 'maintenance';
  if (bits & UNRESOLVED) return 'unresolved';
  return bits & DRAIN ? 'drain' : 'none';
};
