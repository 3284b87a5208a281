import { createJsonReporter } from './json-reporter.ts';
import { maskOutput } from './mask-output.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { createTextReporter } from './text-reporter.ts';

/** Creates the reporter for a mode. Results go to `out`, progress and errors to `err`, with all secrets masked. */
export const createReporter = (options: ReporterOptions): Reporter =>
  maskOutput(options.mode === 'json' ? createJsonReporter(options) : createTextReporter(options), options.mask);
