import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import { askEngine } from '../promises/ask-engine.ts';

export interface Leftover {
  readonly kind: 'container' | 'volume' | 'network' | 'image';
  readonly name: string;
  /** The engine is about to remove it by itself. */
  readonly passing: boolean;
  remove(): Promise<void>;
}

interface Listed {
  readonly Id: string;
  readonly Name?: string;
  readonly Names?: readonly string[] | null;
  readonly RepoTags?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/**
 * What this run of the tests made and did not remove: it has the run's prefix in its name or in its project's, or the
 * run's label. `volumes` are the anonymous ones that containers of this run had. In an order in which it can be removed.
 */
export async function findLeftovers(engine: Engine, volumes: ReadonlySet<string>): Promise<Leftover[]> {
  const run = process.env.LOBBIE_TEST_RUN ?? '';
  const isOurs = ({ Labels, ...listed }: Listed): boolean =>
    Labels?.['dev.lobbie.test'] === run ||
    // Projects and images are named in labels.
    [...namesOf(listed as Listed), ...Object.values(Labels ?? {})].some((name) => name.startsWith(`t-${run}-`));
  // The casts here: lists of the Engine's API, as its reference describes them.
  const list = async (path: string) => ((await askEngine(engine, path)) as Listed[]).filter(isOurs);

  const containers = (await list('/containers/json?all=1')).map(
    (one): Leftover => ({
      kind: 'container',
      name: namesOf(one)[0] ?? one.Id,
      passing: one.Labels?.[LABEL.role] === 'lease',
      remove: () => engine.removeContainer(one.Id, { force: true }),
    }),
  );
  const networks = (await list('/networks')).map(
    ({ Id, Name = Id }): Leftover => ({
      kind: 'network',
      name: Name,
      passing: false,
      remove: () => engine.removeNetwork(Name),
    }),
  );
  const all = (await askEngine(engine, '/volumes')) as { Volumes: Listed[] | null };
  const kept = (all.Volumes ?? []).filter((one) => isOurs(one) || volumes.has(one.Name ?? ''));
  const named = kept.map(
    ({ Name = '' }): Leftover => ({
      kind: 'volume',
      name: Name,
      passing: false,
      remove: () => engine.removeVolume(Name),
    }),
  );
  const images = (await list('/images/json')).map(
    (one): Leftover => ({
      kind: 'image',
      name: namesOf(one).join(', ') || one.Id,
      passing: false,
      remove: async () => {
        for (const name of [...namesOf(one), one.Id]) await engine.removeImage(name).catch(() => undefined);
      },
    }),
  );
  return [...containers, ...networks, ...named, ...images];
}

const namesOf = ({ Name, Names, RepoTags }: Listed): string[] =>
  [...(Name === undefined ? [] : [Name]), ...(Names ?? []).map((name) => name.slice(1)), ...(RepoTags ?? [])].filter(
    (name) => name !== '<none>:<none>',
  );
