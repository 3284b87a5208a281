import { type CountedAnswers, errorShare, errorsIn } from '../../model/answers.ts';
import { LobbieError } from '../../model/errors.ts';
import type { IngressCounters } from '../../model/ingress.ts';
import type { Step } from '../../model/step.ts';
import type { Given } from '../given/given.ts';
import type { AnswerCount } from './answer-count.ts';

type WatchAnswers = Extract<Step, { kind: 'watch-answers' }>;

/**
 * Watches the answers of a service for its monitor time after the switch.
 *
 * @throws LobbieError `TOO_MANY_ERRORS` if a larger share fails than `max_error_ratio` allows, and a larger one than
 * before
 */
export async function watchAnswers(
  { clock, report, answers }: Pick<Given, 'clock' | 'report'> & { readonly answers?: AnswerCount },
  step: WatchAnswers,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(step.monitorMs, signal);
  const counted = await answers?.soFar(step.service);
  const unchecked = whyUnchecked(counted, step);
  if (unchecked !== undefined) report({ type: 'warning', timeMs: clock.now(), message: unchecked });
  else if (counted && isWorse(counted, step)) throw tooMany(counted, step);
}

/** Whether more fails than allowed, and more than before. */
const isWorse = (
  { before, after }: CountedAnswers,
  { maxErrorRatio, minRequests }: Pick<WatchAnswers, 'maxErrorRatio' | 'minRequests'>,
): boolean =>
  after !== undefined &&
  after.total >= minRequests &&
  errorShare(after) > maxErrorRatio &&
  errorShare(after) > errorShare(before);

function whyUnchecked(
  counted: CountedAnswers | undefined,
  { service, minRequests, monitorMs }: WatchAnswers,
): string | undefined {
  const after = counted?.after;
  if (after === undefined)
    return `max_error_ratio of ${service} was not checked: its ingress did not report its counters.`;
  if (after.total >= minRequests) return undefined;
  const came = `${after.total} ${after.total === 1 ? 'request' : 'requests'} in ${seconds(monitorMs)}`;
  return `max_error_ratio of ${service} was not checked: ${came} after the switch, fewer than min_requests (${minRequests}).`;
}

function tooMany({ before, after }: CountedAnswers, step: WatchAnswers): LobbieError {
  const { service, monitorMs, maxErrorRatio } = step;
  const was = before && before.total > 0 ? ` Before: ${share(before)}.` : '';
  return new LobbieError(
    'TOO_MANY_ERRORS',
    `Service ${service} answered ${share(after)} with 5xx in the ${seconds(monitorMs)} after the switch: more than max_error_ratio ${maxErrorRatio} allows.${was}`,
    { hint: `Fix the service, or the services that it calls, and deploy again.` },
  );
}

/** `49 of 457 requests (10.7 %)` */
const share = (counted: IngressCounters | undefined): string =>
  counted === undefined
    ? 'no requests'
    : `${errorsIn(counted)} of ${counted.total} requests (${Math.round(errorShare(counted) * 1000) / 10} %)`;

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
