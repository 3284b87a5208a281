import { LobbieError } from '../../model/errors.ts';
import type { Gate, GatePort, PortFindings } from './gate.ts';
import { greetingMs, speaksFirst } from './speaks-first.ts';

/** Listens to the ports of a replica. */
export interface Listening {
  /** Resolves when it is known whether the port is open and who speaks first. Listens to each open port once. */
  begin(port: GatePort): Promise<void>;
  /** The same for every port that the gate knows. */
  beginAll(): Promise<void>;
  /** Ends the listening to ports that have answered a request: their servers wait for their clients. */
  answered(ports: readonly number[]): void;
  found(): Pick<PortFindings, 'open' | 'speakFirst'>;
}

/** Finds out which ports are open, and on which of them the replica sends first. */
export function listenTo(gate: Gate): Listening {
  const begun = new Map<number, Promise<void>>();
  const open = new Map<number, boolean>();
  const answers = new Map<number, PromiseWithResolvers<void>>();
  const answerOf = (port: number): PromiseWithResolvers<void> => {
    const known = answers.get(port) ?? Promise.withResolvers<void>();
    answers.set(port, known);
    return known;
  };
  const listen = async (target: GatePort): Promise<void> => {
    const { port, detected = false } = target;
    const silence = () => Promise.race([gate.clock.sleep(greetingMs(port), gate.signal), answerOf(port).promise]);
    const greets = await speaksFirst(gate, target, detected ? silence : () => Promise.resolve()).catch(
      (error: unknown) => {
        if (error instanceof LobbieError) throw error;
        // It does not accept connections yet.
        begun.delete(port);
        return undefined;
      },
    );
    if (greets !== undefined) open.set(port, greets && detected);
  };
  const begin = (target: GatePort): Promise<void> => {
    const listened = begun.get(target.port) ?? listen(target);
    begun.set(target.port, listened);
    // Awaited at the end.
    listened.catch(() => undefined);
    return listened;
  };
  return {
    begin,
    beginAll: async () => {
      await Promise.all([...gate.ports, ...gate.candidates].map(begin));
    },
    answered: (ports) => {
      for (const port of ports) answerOf(port).resolve();
    },
    found: () => ({
      open: [...open.keys()],
      speakFirst: [...open].flatMap(([port, greets]) => (greets ? [port] : [])),
    }),
  };
}
