import type { ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';

/** An engine under the contract, and names on it that nothing else has. */
export interface Subject {
  readonly engine: Engine;
  /** An image with `cat`, `sh` and `sleep`. */
  readonly image: string;
  /** Labels that everything carries which the contract creates. */
  readonly labels: Readonly<Record<string, string>>;
  /** The first three numbers of a subnet that no network has: `10.249.7`. */
  readonly subnet: string;
  name(what: string): string;
}

/** A whole id that no container has. */
export const NO_ID = '0'.repeat(64);

/** Waits for nothing: for calls that a contract never interrupts. */
export const never = (): AbortSignal => new AbortController().signal;

/** Creates a container that sleeps unless told otherwise; gives its id. */
export const create = (
  { engine, image, labels }: Subject,
  name: string,
  spec: Partial<ContainerSpec> = {},
): Promise<string> =>
  engine.createContainer({
    name,
    image,
    command: ['sleep', '600'],
    networks: [],
    ...spec,
    labels: { ...labels, ...spec.labels },
  });

/** {@link create}, and starts it. */
export async function run(subject: Subject, name: string, spec: Partial<ContainerSpec> = {}): Promise<string> {
  const id = await create(subject, name, spec);
  await subject.engine.startContainer(id);
  return id;
}
