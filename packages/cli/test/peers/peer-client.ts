import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from './conversation.ts';

/** A client of one protocol, which checks that every value is right. */
export interface PeerClient {
  /** Gives the version that answered; rejects when anything is missing or wrong. */
  exchange(): Promise<string>;
  close(): void;
}

export type OpenPeer = (address: Address) => PeerClient;

/** What came of the exchanges of all clients of one kind. */
export interface PeerResult {
  readonly versions: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

export interface PeerLoad {
  /** How many clients there are, each with one exchange at a time. */
  readonly clients: number;
  /** Resolves once so many more exchanges have ended, well or not. */
  pass(exchanges: number): Promise<void>;
  /** Lets the exchanges under way end. */
  stop(): Promise<PeerResult>;
}

const CLIENTS = 3;
const PAUSE_MS = 50;
/** A guard against hanging, as in the vitest configuration: no exchange is too slow. */
const HANGS_MS = 300_000;

const within = <T>(ms: number, exchange: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), ms);
  });
  return Promise.race([exchange, late]).finally(() => clearTimeout(timer));
};

/** Has clients talk to a peer, each again and again. */
export function startPeers(open: OpenPeer, address: Address): PeerLoad {
  const versions: Record<string, number> = {};
  const failures: string[] = [];
  let total = 0;
  let stopping = false;
  const run = async (): Promise<void> => {
    const client = open(address);
    while (!stopping) {
      const begun = performance.now();
      try {
        const version = await within(HANGS_MS, client.exchange());
        versions[version] = (versions[version] ?? 0) + 1;
      } catch (error) {
        failures.push(`${Math.round(performance.now() - begun)} ms: ${error instanceof Error ? error.message : error}`);
      }
      total += 1;
      await sleep(PAUSE_MS);
    }
    client.close();
  };
  const running = Array.from({ length: CLIENTS }, run);
  return {
    clients: CLIENTS,
    pass: async (exchanges) => {
      const wanted = total + exchanges;
      while (total < wanted) await sleep(20);
    },
    stop: async () => {
      stopping = true;
      await Promise.all(running);
      return { versions, failures };
    },
  };
}
