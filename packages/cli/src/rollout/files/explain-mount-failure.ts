import type { PathProblem } from '../../model/error-facts.ts';
import { LobbieError } from '../../model/errors.ts';
import { mountAt } from '../../model/mount.ts';
import { mountWords } from './refuse-file.ts';
import type { ServiceFiles } from './service-files.ts';

/**
 * Rewrites the engine's error for a config or secret that it cannot mount: names the file, its target and the mount
 * that contains it. Returns any other error unchanged.
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
    why: 'the mount is read-only and does not contain the file to mount over',
    hint: 'Create an empty file there, or mount the directory without `read_only`.',
  },
  'other-kind': {
    why: 'the target is a directory',
    hint: 'Remove the directory, or give the file another target.',
  },
  missing: {
    why: 'the engine cannot find the file',
    hint: 'If the engine runs on another machine, select it with `--host` or `--context`.',
  },
};
