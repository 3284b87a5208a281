import { type CountedAnswers, type CountedRequests, errorsIn } from '../model/answers.ts';
import { cleanText } from './clean-text.ts';
import { formatSeconds } from './format-seconds.ts';
import type { Style } from './style.ts';
import { wrapWords } from './wrap-words.ts';

/**
 * The 5xx answers of each published service before, during and after the switch, one line a service. A line is in the
 * warning colour if a larger share failed than before. Services that received no requests are left out.
 */
export const answerLines = (services: Readonly<Record<string, CountedAnswers>>, { chalk, width }: Style): string[] =>
  Object.entries(services).flatMap(([service, counted]) => {
    const { before, during, after, http, rose } = counted;
    const asked = [before, during, after].some((one) => (one?.total ?? 0) > 0);
    if (!http || !asked) return [];
    const windows = [
      before &&
        `${share(before)} before (${before.seconds === undefined ? 'since its ingress started, as few came just before' : time(before)})`,
      `${share(during)} during the switch (${time(during)})`,
      after && `${share(after)} after (${time(after)})`,
    ];
    const line = `5xx of ${cleanText(service)}: ${windows.filter((one) => one !== undefined).join(', ')}`;
    return wrapWords(rose ? chalk.yellow(line) : chalk.dim(line), width - 2);
  });

/** `49 of 457` */
const share = (counted: CountedRequests): string => `${errorsIn(counted)} of ${counted.total}`;

const time = ({ seconds = 0 }: CountedRequests): string => formatSeconds(seconds);
