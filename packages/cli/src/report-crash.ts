import { EXIT, exitStatusOfError } from './exit-status.ts';
import type { ProcessIo } from './process-io.ts';

/** Reports an error that no command caught, as a bug, and ends the process with exit status 1. */
export async function reportCrash(
  error: unknown,
  {
    argv,
    stdout,
    stderr,
    clock,
    bugsUrl,
    exit,
    secrets,
  }: Pick<ProcessIo, 'argv' | 'stdout' | 'stderr' | 'clock' | 'bugsUrl' | 'exit' | 'secrets'>,
): Promise<void> {
  const { createReporter } = await import('./report/create-reporter.ts');
  createReporter({
    mode: argv.includes('--json') ? 'json' : 'plain',
    out: stdout,
    err: stderr,
    colour: false,
    unicode: false,
    clock,
    exitStatusOf: exitStatusOfError,
    mask: secrets.text,
    bugsUrl,
  }).error(error);
  exit(EXIT.bug);
}
