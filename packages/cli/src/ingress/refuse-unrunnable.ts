import { LobbieError } from '../model/errors.ts';

/** What shells and engines end with, and say, where a program can never be run; a container that is stopping ends it alike. */
const NOT_RUN = new Set([126, 127]);
const LASTING = /not found|no such file or directory|permission denied|exec format error/i;

/**
 * For a program that failed in an ingress.
 *
 * @throws LobbieError `INGRESS_FAILED`, with what was said, where it could not be run: then its failure says nothing of what
 *   it was to find out
 */
export function refuseUnrunnable(exitCode: number, output: string): void {
  const said = output.trim().split('\n').at(-1)?.trim() ?? '';
  if (!NOT_RUN.has(exitCode) || !LASTING.test(said)) return;
  throw new LobbieError('INGRESS_FAILED', `lobbie cannot run a program in the ingress: ${said}`, {
    hint: 'The image of the ingresses needs sh and socat: run `lobbie ingress-image --dockerfile` to see what it is made of.',
  });
}
