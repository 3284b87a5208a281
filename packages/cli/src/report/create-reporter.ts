import { createJsonReporter } from './json-reporter.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { createTextReporter } from './text-reporter.ts';

/** Creates the reporter for a mode. Results go to `out`, progress and errors to `err`. */
export const createReporter = (options: ReporterOptions): Reporter =>
  options.mode === 'json' ? createJsonReporter(options) : createTextReporter(options);
