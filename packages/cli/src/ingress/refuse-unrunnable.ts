import { LobbieError } from '../model/errors.ts';

/**
 * The exit codes of shells and engines for a program that cannot run. A container that is stopping can cause them too.
 */
const NOT_RUN = new Set([126, 127]);
const LASTING = /not found|no such file or directory|permission denied|exec format error/i;

/**
 * Checks the end of a program in an ingress.
 *
 * @throws LobbieError `INGRESS_FAILED` with the program's output if it could not run at all. Its failure then says
 * nothing
 *   about what it was meant to find out
 */
export function refuseUnrunnable(exitCode: number, output: string): void {
  const said = output.trim().split('\n').at(-1)?.trim() ?? '';
  if (!NOT_RUN.has(exitCode) || !LASTING.test(said)) return;
  throw new LobbieError('INGRESS_FAILED', `lobbie cannot run a program in the ingress: ${said}`, {
    hint: 'The ingress image needs sh and socat. Run `lobbie ingress-image --dockerfile` to see how to build it.',
  });
}
