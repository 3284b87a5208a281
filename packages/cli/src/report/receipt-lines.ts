import stringWidth from 'string-width';
import type { Receipt, ReceiptReplica } from '../model/results.ts';
import { cleanText } from './clean-text.ts';
import { formatSeconds } from './format-seconds.ts';
import type { Style } from './style.ts';
import { type Column, tableLines } from './table-lines.ts';
import { warningLines } from './warning-lines.ts';
import { wrapWords } from './wrap-words.ts';

/** The receipt for people: what came of it, which replica runs which container, where it answers. */
export const receiptLines = (receipt: Receipt, style: Style): string[] => {
  return [
    ...headLines(receipt, style).flatMap((line) => wrapWords(line, style.width)),
    ...(receipt.replicas.length === 0 ? [] : ['', ...tableLines(replicaColumns(style), receipt.replicas, style)]),
    ...section(placeLines(receipt, style)),
    ...section(warningLines(receipt.warnings, style)),
  ];
};

const section = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** Says what happened and, unless all went well, what serves now. */
const headLines = (receipt: Receipt, { chalk }: Style): string[] => {
  const name = chalk.bold(cleanText(receipt.project));
  const release = cleanText(receipt.release);
  const after = formatSeconds(receipt.seconds.total);
  const count = receipt.replicas.length;
  const now = count === 0 ? 'Nothing runs, as before.' : 'What ran before serves:';
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
        `${name} ${release} ${chalk.red('failed')} after ${after}, and what ran before was ${chalk.red('not restored')}. ${
          count === 0 ? 'What serves now is not known: run `lobbie status`.' : 'What serves now:'
        }`,
      ];
    default:
      return receipt.outcome satisfies never;
  }
};

const replicaColumns = ({ chalk }: Style): readonly Column<ReceiptReplica>[] => [
  { title: 'replica', rank: 4, cell: ({ replica }) => cleanText(replica) },
  { title: 'container', rank: 2, min: 16, cell: ({ container }) => cleanText(container) },
  { title: 'file', rank: 3, min: 14, cell: ({ file }) => cleanText(file ?? ''), paint: (cell) => chalk.cyan(cell) },
  {
    title: 'replaced',
    rank: 1,
    min: 14,
    cell: ({ replaced }) => cleanText(replaced?.file ?? replaced?.container ?? ''),
    paint: (cell) => chalk.dim(cell),
  },
];

/** Addresses and requests, on one line where they fit. */
const placeLines = ({ url, requests }: Receipt, { chalk, width }: Style): string[] => {
  const places = url.map(cleanText);
  const counted =
    requests === undefined
      ? undefined
      : [
          `${requests.total} requests during the switch`,
          (requests.failed > 0 ? chalk.red : chalk.dim)(`${requests.failed} failed`),
          chalk.dim(`${requests.retried} retried`),
        ].join(chalk.dim(', '));
  if (counted === undefined) return places.map((place) => `  ${place}`);
  const last = places.at(-1);
  const joined = `  ${last ?? ''}    ${counted}`;
  if (last === undefined) return [`  ${counted}`];
  return stringWidth(joined) <= width
    ? [...places.slice(0, -1).map((place) => `  ${place}`), joined]
    : [...places, counted].map((line) => `  ${line}`);
};
