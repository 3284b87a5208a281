import type { PathProblem } from '../../model/error-facts.ts';
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
  const { refusal } = error.facts;
  const failed = placed.find(({ way, path }) => way !== 'copy' && refusal?.paths.includes(path));
  if (failed === undefined) return error;
  const { file, path } = failed;
  const mount = mountAt(mounts, path);
  const where = mount === undefined ? '' : `, in ${mountWords(mount)}`;
  const because = refusal?.pathProblem && BECAUSE[refusal.pathProblem];
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

const BECAUSE: Readonly<Record<PathProblem, { readonly why: string; readonly hint: string }>> = {
  'read-only': {
    why: 'the mount is read-only and has no such file to mount over',
    hint: 'Make an empty file there, or mount the directory without `read_only`.',
  },
  'other-kind': {
    why: 'there is a directory at that place',
    hint: 'Remove the directory, or give the file another target.',
  },
  missing: {
    why: 'the engine does not find the file',
    hint: 'Does lobbie run on the machine of the engine? If not, name the engine with `--host` or `--context`.',
  },
};
