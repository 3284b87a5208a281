import type { PlanResult } from '../model/results.ts';
import { toldError } from './error-lines.ts';
import { planLines } from './plan-lines.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { createToldOnce } from './told-once.ts';

/** Prints one JSON object a line, all on `out`. The last line is the result or the error. */
export const createJsonReporter = ({ out, bugsUrl, exitStatusOf }: ReporterOptions): Reporter => {
  const toldOnce = createToldOnce();
  const write = (value: object): void => {
    out.write(`${escapeControls(JSON.stringify(value))}\n`);
  };
  return {
    event: write,
    log: (line) => write({ type: 'log', ...line }),
    result(result) {
      if (result.type === 'receipt' && result.error !== undefined) toldOnce(result.error);
      write(result.type === 'plan' ? toldPlan(result) : result);
    },
    error(error) {
      const told = toldError(error, bugsUrl);
      if (!toldOnce(told)) return;
      const { code, message, hint = null, details } = told;
      write({ type: 'error', code, message, hint, details, exit: exitStatusOf(error) });
    },
    close() {},
  };
};

const toldPlan = ({ type, project, notes, plan, impacts }: PlanResult) => ({
  type,
  project,
  ...(notes && { notes }),
  lines: planLines(plan, impacts),
});

/** Some terminals obey C1 controls, and some readers treat U+2028 as the end of a line. */
const escapeControls = (json: string): string =>
  json.replace(/[\u007f-\u009f\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
