import stringWidth from 'string-width';
import type { Receipt, ReceiptReplica } from '../model/results.ts';
import { answerLines } from './answer-lines.ts';
import { cleanText } from './clean-text.ts';
import { formatSeconds } from './format-seconds.ts';
import type { Style } from './style.ts';
import { type Column, tableLines } from './table-lines.ts';
import { urlLines } from './url-lines.ts';
import { warningLines } from './warning-lines.ts';
import { wrapWords } from './wrap-words.ts';

/** The receipt for people: the outcome, the container of each replica, and the addresses. */
export const receiptLines = (receipt: Receipt, style: Style): string[] => {
  return [
    ...headLines(receipt, style).flatMap((line) => wrapWords(line, style.width)),
    ...(receipt.replicas.length === 0
      ? []
      : ['', ...tableLines(replicaColumns(receipt, style), receipt.replicas, style)]),
    ...section(placeLines(receipt, style)),
    ...section(warningLines(receipt.warnings, style)),
  ];
};

const section = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** Says what happened and, if something went wrong, what serves now. */
const headLines = (receipt: Receipt, { chalk }: Style): string[] => {
  const name = chalk.bold(cleanText(receipt.project));
  const release = cleanText(receipt.release);
  const after = formatSeconds(receipt.seconds.total);
  const count = receipt.replicas.length;
  const now = count === 0 ? 'Nothing runs, as before.' : 'Still serving:';
  switch (receipt.outcome) {
    case 'deployed': {
      const { build, start, gate, switch: change } = receipt.seconds;
      const phases = Object.entries({ build, start, gate, switch: change })
        .map(([phase, seconds]) => `${phase} ${seconds.toFixed(1)}`)
        .join(', ');
      return [`${name} ${release} ${chalk.green('deployed')} in ${after}  ${chalk.dim(`(${phases})`)}`];
    }
    case 'unchanged': {
      const healthy = `release ${release}, ${count} ${count === 1 ? 'replica' : 'replicas'} healthy`;
      return [`${name} is ${chalk.green('up to date')} (${healthy}): nothing to do.`];
    }
    case 'failed-restored':
      return [`${name} ${release} ${chalk.red('failed')} after ${after}, and everything was restored. ${now}`];
    case 'interrupted':
      return [
        `${name} ${release} was ${chalk.yellow('interrupted')} after ${after}, and everything was restored. ${now}`,
      ];
    case 'failed-not-restored':
      return [
        `${name} ${release} ${chalk.red('failed')} after ${after}, and the previous state was ${chalk.red('not restored')}. ${
          count === 0 ? 'Run `lobbie status` to see what serves now.' : 'Serving now:'
        }`,
      ];
    default:
      return receipt.outcome satisfies never;
  }
};

const replicaColumns = (receipt: Receipt, { chalk }: Style): readonly Column<ReceiptReplica>[] => {
  // Next to new containers, unchanged ones are dimmed.
  const isKept = ({ container }: ReceiptReplica): boolean =>
    receipt.outcome === 'deployed' && !container.endsWith(`-${receipt.release}`);
  const paint = (cell: string, replica: ReceiptReplica): string => (isKept(replica) ? chalk.dim(cell) : cell);
  return [
    { title: 'replica', rank: 4, cell: ({ replica }) => cleanText(replica), paint },
    { title: 'container', rank: 2, min: 16, cell: ({ container }) => cleanText(container), paint },
    { title: 'file', rank: 3, min: 14, cell: ({ file }) => cleanText(file ?? ''), paint: (cell) => chalk.cyan(cell) },
    {
      title: 'answer',
      rank: 3,
      min: 14,
      cell: ({ answer }) => cleanText(answer ?? ''),
      paint: (cell) => chalk.cyan(cell),
    },
    {
      title: 'replaced',
      rank: 1,
      min: 14,
      cell: ({ replaced }) => cleanText(replaced?.file ?? replaced?.container ?? ''),
      paint: (cell) => chalk.dim(cell),
    },
  ];
};

/** Addresses, requests and pauses. On one line if there is one address and everything fits. */
const placeLines = (receipt: Receipt, style: Style): string[] => {
  const places = urlLines(receipt.published, style);
  const facts = [...requestFacts(receipt, style), ...pauseFacts(receipt, style)];
  const [place, ...others] = places;
  const [fact, ...more] = facts;
  if (place === undefined || fact === undefined || others.length > 0) {
    const parted = places.length > 0 && facts.length > 0 ? [''] : [];
    return [...places, ...parted, ...facts.map((line) => `  ${line}`)];
  }
  const joined = `${place}    ${fact}`;
  const rest = more.map((line) => `  ${line}`);
  return stringWidth(joined) <= style.width ? [joined, ...rest] : [place, `  ${fact}`, ...rest];
};

/** If the share of 5xx answers rose, they count as failed: "0 failed" must not hide errors that users saw. */
const requestFacts = ({ requests }: Receipt, style: Style): string[] => {
  if (requests === undefined) return [];
  const { chalk, width } = style;
  const { total, failed, retried, serverErrors } = requests;
  const services = Object.entries(requests.services ?? {}).filter(([, { summed = true }]) => summed);
  // The rollout did not cause the 5xx answers from before the switch.
  const since = services
    .filter(([, { rose }]) => rose)
    .reduce((sum, [, { during, after }]) => sum + during.serverErrors + (after?.serverErrors ?? 0), 0);
  const worse = Math.min(serverErrors, since);
  const lost = failed + worse;
  const counts = [
    `${total} requests during the rollout`,
    (lost > 0 ? chalk.red : chalk.dim)(`${lost} failed`),
    chalk.dim(`${retried} retried`),
  ];
  const told = counts.join(chalk.dim(', '));
  const errors = `${serverErrors} answered 5xx by the application`;
  const counted = worse === 0 ? '' : worse === serverErrors ? ', counted as failed' : `, ${worse} counted as failed`;
  const line = serverErrors === 0 ? told : `${told}; ${chalk.yellow(`${errors}${counted}`)}`;
  return [...wrapWords(line, width - 2), ...answerLines(Object.fromEntries(services), style)];
};

/** Which services paused, and for how long. */
const pauseFacts = ({ pauses = {} }: Receipt, { width }: Style): string[] => {
  const told = Object.entries(pauses).map(([service, seconds]) => `${cleanText(service)} ${formatSeconds(seconds)}`);
  return told.length === 0 ? [] : wrapWords(`pauses: ${told.join(', ')}`, width - 2);
};
