import { LobbieError } from '../../model/errors.ts';
import { mountAt } from '../../model/mount.ts';
import { mountWords } from './refuse-file.ts';
import type { ServiceFiles } from './service-files.ts';

/**
 * The engine's failure to mount a config or a secret, in words that name the file, its target and the mount it lies in.
 * Any other error is given back as it is.
 */
export function explainMountFailure(
  error: unknown,
  service: string,
  { placed, mounts }: Pick<ServiceFiles, 'placed' | 'mounts'>,
): unknown {
  if (!(error instanceof LobbieError)) return error;
  const text = [error.message, ...error.details].join('\n');
  const failed = placed.find(({ way, path }) => way !== 'copy' && text.includes(path));
  if (failed === undefined) return error;
  const { file, path } = failed;
  const mount = mountAt(mounts, path);
  const where = mount === undefined ? '' : `, in ${mountWords(mount)}`;
  const because = BECAUSE.find(({ says }) => says.test(text));
  return new LobbieError(
    error.code,
    `services.${service}.${file.kind}s: the engine could not mount ${file.name} at ${path}${where}${because === undefined ? '' : `: ${because.why}`}.`,
    {
      details: [...error.details, error.message].map((line) => `the engine   ${line}`),
      hint: because?.hint ?? `Give the ${file.kind} another target.`,
      cause: error,
    },
  );
}

const BECAUSE = [
  {
    says: /read-only file system/i,
    why: 'the mount is read-only and has no such file to mount over',
    hint: 'Make an empty file there, or mount the directory without `read_only`.',
  },
  {
    says: /not a directory|onto a file|is a directory/i,
    why: 'there is a directory at that place',
    hint: 'Remove the directory, or give the file another target.',
  },
  {
    says: /source path does not exist|no such file or directory/i,
    why: 'the engine does not find the file',
    hint: 'Does lobbie run on the machine of the engine? If not, name the engine with `--host` or `--context`.',
  },
] as const;
