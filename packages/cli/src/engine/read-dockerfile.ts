import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Build } from '../model/build.ts';
import { LobbieError } from '../model/errors.ts';

/** The part of a build that says where its Dockerfile is. */
export type BuildSource = Pick<Build, 'context' | 'dockerfile' | 'dockerfileInline'>;

/** The text of a build's Dockerfile, from its file or inline. `INVALID_INPUT` if it cannot be read. */
export async function readDockerfile({ context, dockerfile, dockerfileInline }: BuildSource): Promise<string> {
  if (dockerfileInline !== undefined) return dockerfileInline;
  const path = resolve(context, dockerfile);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new LobbieError('INVALID_INPUT', `There is no Dockerfile at ${path}.`, {
      hint: 'Check the path of the build context and of its Dockerfile.',
      cause,
    });
  }
}
