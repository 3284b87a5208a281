import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import { onErrand } from '../observe/errands.ts';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The numeric user that containers of an image run as. What only the image's own /etc/passwd knows is looked up there,
 * through a container that is made, read and removed without being started.
 *
 * @param override the service's `user`, which wins over the image's
 */
export async function imageUser(
  engine: Engine,
  project: string,
  image: string,
  override: string | undefined,
): Promise<User> {
  const user = override ?? (await engine.inspectImage(image))?.user ?? '';
  return (
    numericUser(user) ??
    onErrand(engine, project, { image, command: ['/look'] }, (id) => userInContainer(engine, id, image, user))
  );
}

/** A user that needs no look into the image: none, or a number with a group. */
export function numericUser(text: string): User | undefined {
  if (text === '') return { uid: 0, gid: 0 };
  const [user = '', group = ''] = text.split(':');
  return isNumber(user) && isNumber(group) ? { uid: Number(user), gid: Number(group) } : undefined;
}

/**
 * A user as a container of the image has it. As the engine does it: a number without a group has the group of its
 * account, and group 0 where it has no account.
 *
 * @throws LobbieError `INVALID_INPUT` when the image has no such name
 */
export async function userInContainer(engine: Engine, container: string, image: string, text: string): Promise<User> {
  const [user = '', group] = text.split(':');
  const [passwd, groups] = await Promise.all([
    readFields(engine, image, container, '/etc/passwd'),
    readFields(engine, image, container, '/etc/group'),
  ]);
  const account = passwd.find((fields) => fields[0] === user || fields[2] === user);
  const uid = isNumber(user) ? user : account?.[2];
  const gid =
    group === undefined
      ? (account?.[3] ?? (isNumber(user) ? '0' : undefined))
      : isNumber(group)
        ? group
        : groups.find((fields) => fields[0] === group)?.[2];
  if (uid === undefined || gid === undefined) {
    throw new LobbieError('INVALID_INPUT', `Image ${image} has no user ${text}.`, {
      hint: 'Name a user that is in its /etc/passwd, or a number.',
    });
  }
  return { uid: Number(uid), gid: Number(gid) };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

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
