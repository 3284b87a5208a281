import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import { onErrand } from '../observe/errands.ts';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The numeric user of an image's containers. A name is looked up in the image's own /etc/passwd, through a container
 * that is created, read and removed without being started.
 *
 * @param override the service's `user`, which overrides the image's
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

/** A user that needs no lookup in the image: none, or a number with a group. */
export function numericUser(text: string): User | undefined {
  if (text === '') return { uid: 0, gid: 0 };
  const [user = '', group = ''] = text.split(':');
  return isNumber(user) && isNumber(group) ? { uid: Number(user), gid: Number(group) } : undefined;
}

/**
 * The user inside a container of the image, resolved like the engine does: a number without a group gets the group of
 * its account, or group 0 without an account.
 *
 * @throws LobbieError `INVALID_INPUT` if the image has no such user
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
      hint: 'Use a user from its /etc/passwd, or a number.',
    });
  }
  return { uid: Number(uid), gid: Number(gid) };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

/** Real files have a few kB. */
const ACCOUNT_LIMITS = { mostBytes: 1024 * 1024 };

async function readFields(engine: Engine, image: string, container: string, path: string): Promise<string[][]> {
  for await (const { kind, content } of engine.readFiles(container, path, ACCOUNT_LIMITS)) {
    if (kind === 'file' && content === undefined)
      throw new LobbieError(
        'INVALID_INPUT',
        `${path} of image ${image} is larger than 1 MiB: lobbie does not read it.`,
        {
          hint: 'Set the user by number, such as `user: "1000:1000"`.',
        },
      );
    return (content ?? Buffer.alloc(0))
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(':'));
  }
  return [];
}
