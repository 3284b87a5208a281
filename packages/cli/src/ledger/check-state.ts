import { z } from 'zod/mini';
import { LobbieError } from '../model/errors.ts';
import { keeperName, ledgerVolumeName } from '../model/names.ts';
import type { LedgerState } from '../model/release.ts';
import { isReservedImage, isReservedVolume } from '../model/reserved.ts';
import { containerRecord } from './container-records.ts';

const absolute = z.string().check(z.regex(/^(?:\/|[A-Za-z]:[\\/])/, 'expected an absolute path'));
/** A directory that can hold a history. The keeper mounts its parent. */
const historyPath = absolute.check(z.refine((path) => path !== '/', 'cannot hold a history'));
const named = z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/, 'expected a name'));
const count = z.int().check(z.nonnegative());

const mount = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('bind'), source: absolute, target: absolute }),
  z.looseObject({
    kind: z.literal('volume'),
    source: z.optional(named.check(z.refine((name) => !isReservedVolume(name), 'only lobbie mounts this volume'))),
    target: absolute,
  }),
  z.looseObject({ kind: z.literal('tmpfs'), target: absolute }),
]);

const service = z.looseObject({
  name: named,
  image: z.string().check(
    z.minLength(1),
    z.refine((image) => !isReservedImage(image), 'is an image for lobbie only'),
  ),
  replicas: count,
  environment: z.record(z.string(), z.nullable(z.string())),
  labels: z.record(z.string(), z.string()),
  mounts: z.array(mount),
  files: z.array(z.looseObject({ target: absolute, content: z.string(), source: z.optional(absolute) })),
  networks: z.array(z.looseObject({ key: z.string(), aliases: z.array(z.string()) })),
  ports: z.array(z.looseObject({ target: count, published: count })),
  dependsOn: z.array(z.looseObject({ service: z.string() })),
  stopGracePeriodMs: z.number(),
});

const resource = z.looseObject({ key: z.string(), name: named, external: z.boolean() });

const releaseOf = (project: string) =>
  z.looseObject({
    id: z.string().check(z.regex(/^[0-9a-z]+$/, 'expected the id of a release')),
    number: count,
    command: z.string(),
    startedAtMs: z.number(),
    images: z.record(z.string(), z.string()),
    containers: z.optional(z.array(z.string())),
    origin: z.optional(z.looseObject({ host: z.string(), directory: z.string() })),
    project: z.looseObject({
      // The name selects the containers, networks and volumes that lobbie changes.
      name: z.string().check(z.refine((name) => name === project, `expected ${project}`)),
      services: z.array(service),
      networks: z.array(resource),
      volumes: z.array(resource),
      inactive: z.array(z.string()),
      history: z.optional(z.looseObject({ source: historyPath })),
    }),
  });

const stateOf = (project: string) =>
  z.looseObject({
    current: z.nullable(releaseOf(project)),
    running: z.nullable(releaseOf(project)),
    releases: count,
    history: z.nullable(historyPath),
    leaving: z.nullable(historyPath),
    containers: z.record(named, containerRecord),
    ingresses: z.record(z.string().check(z.regex(/^[0-9a-f]{64}$/, 'expected the id of a container')), z.unknown()),
    ingressImage: z.nullable(z.string()),
    externalVolumes: z.optional(z.array(named)),
  });

/**
 * Checks the content of a ledger before it is used. Rejects missing values, wrong types and anything that lobbie never
 * writes, such as a mount of a ledger or another project's name: someone else has written there.
 *
 * @param read the state with its secrets decrypted
 * @throws LobbieError `ENGINE_ERROR` with every place that is wrong
 */
export function checkState(project: string, read: LedgerState): LedgerState {
  const checked = stateOf(project).safeParse(read);
  const problems = (checked.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (problems.length === 0) return read;
  const volume = ledgerVolumeName(project);
  throw new LobbieError('ENGINE_ERROR', `The ledger of project ${project} has content that lobbie never writes.`, {
    details: problems,
    hint: `Nothing was changed. See who else mounts it: docker ps -a --filter volume=${volume}\nTo go on without it: docker rm -f ${keeperName(project)} && docker volume rm ${volume}`,
  });
}
