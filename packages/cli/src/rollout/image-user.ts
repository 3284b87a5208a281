import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { onErrand } from './errands.ts';

/**
 * The numeric user that containers of an image run as. A name is looked up in the image's own /etc/passwd, through a
 * container that is made, read and removed without being started.
 *
 * @param override the service's `user`, which wins over the image's
 */
export async function imageUser(
  engine: Engine,
  project: string,
  image: string,
  override: string | undefined,
): Promise<{ uid: number; gid: number }> {
  const text = override ?? (await engine.inspectImage(image))?.user ?? '';
  const [user = '', group] = text.split(':');
  if (user === '') return { uid: 0, gid: 0 };
  if (/^\d+$/.test(user) && (group === undefined || /^\d+$/.test(group)))
    return { uid: Number(user), gid: Number(group ?? user) };
  const [passwd, groups] = await readAccounts(engine, project, image);
  const account = passwd.find((fields) => fields[0] === user || fields[2] === user);
  const uid = /^\d+$/.test(user) ? user : account?.[2];
  const gid =
    group === undefined
      ? account?.[3]
      : /^\d+$/.test(group)
        ? group
        : groups.find((fields) => fields[0] === group)?.[2];
  if (uid === undefined || gid === undefined) {
    throw new LobbieError('INVALID_INPUT', `Image ${image} has no user ${text}.`, {
      hint: 'Name a user that is in its /etc/passwd, or a number.',
    });
  }
  return { uid: Number(uid), gid: Number(gid) };
}

const readAccounts = (engine: Engine, project: string, image: string): Promise<[string[][], string[][]]> =>
  onErrand(engine, project, { image, command: ['/look'] }, (id) =>
    Promise.all([readFields(engine, image, id, '/etc/passwd'), readFields(engine, image, id, '/etc/group')]),
  );

/** Real ones have some kB. */
const ACCOUNT_LIMITS = { mostBytes: 1024 * 1024 };

async function readFields(engine: Engine, image: string, container: string, path: string): Promise<string[][]> {
  for await (const { kind, content } of engine.readFiles(container, path, ACCOUNT_LIMITS)) {
    if (kind === 'file' && content === undefined)
      throw new LobbieError(
        'INVALID_INPUT',
        `${path} of image ${image} is larger than 1 MiB: lobbie does not read it.`,
        {
          hint: 'Name the user by number, such as `user: "1000:1000"`.',
        },
      );
    return (content ?? Buffer.alloc(0))
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(':'));
  }
  return [];
}
