import prettyBytes from 'pretty-bytes';
import type { StatusIngress, StatusIngressPort, StatusReplica, StatusResult } from '../model/results.ts';
import { cleanText } from './clean-text.ts';
import { formatUptime } from './format-seconds.ts';
import type { Style } from './style.ts';
import { type Column, tableLines } from './table-lines.ts';
import { urlLines } from './url-lines.ts';
import { warningLines } from './warning-lines.ts';
import { wrapWords } from './wrap-words.ts';

/** What runs now, and its state. */
export const statusLines = (status: StatusResult, style: Style): string[] => {
  const { chalk } = style;
  const name = chalk.bold(cleanText(status.project));
  const warnings = warningLines(status.warnings, style);
  const head = status.release === null ? `${name} is not deployed.` : `${name}  release ${cleanText(status.release)}`;
  const [only, ...others] = status.published;
  const alone = only !== undefined && others.length === 0;
  return [
    ...wrapWords(alone ? `${head}  ${chalk.cyan(cleanText(only.url))}` : head, style.width),
    ...(alone || only === undefined ? [] : ['', ...urlLines(status.published, style)]),
    ...(status.replicas.length === 0 ? [] : ['', ...tableLines(statusColumns(style), status.replicas, style)]),
    ...(status.ingresses.length === 0 ? [] : ['', ...tableLines(ingressColumns(style), status.ingresses, style)]),
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
  ];
};

/** `healthy`, `running`, `completed`, `exited (3)`, `restarting (7 times)` */
const stateOf = ({ state, health, exitCode, restarts, problem }: StatusReplica): string => {
  if (state === 'exited' && exitCode !== null)
    return exitCode === 0 && problem === null ? 'completed' : `exited (${exitCode})`;
  if (state === 'restarting') return restarts > 0 ? `restarting (${restarts} times)` : state;
  return state === 'running' && health !== 'none' ? health : state;
};

/** Adds a mark to what needs attention, for terminals without colours. */
const marked = (text: string, isWrong: boolean, mark: string): string => (isWrong ? `${mark} ${text}` : text);

const isStopped = ({ state, exitCode, health, problem }: StatusReplica): boolean =>
  (state !== 'running' && (exitCode !== 0 || problem !== null)) || (state === 'running' && health === 'unhealthy');

/** The columns that replicas and ingresses share. */
const PLACE_COLUMNS: readonly Column<Pick<StatusReplica & StatusIngress, 'release' | 'address' | 'uptimeSeconds'>>[] = [
  { title: 'release', rank: 2, cell: ({ release }) => cleanText(release) },
  { title: 'address', rank: 1, cell: ({ address }) => cleanText(address ?? '') },
  {
    title: 'uptime',
    rank: 5,
    align: 'right',
    cell: ({ uptimeSeconds }) => (uptimeSeconds === null ? '' : formatUptime(uptimeSeconds)),
  },
];

const statusColumns = ({ chalk, glyphs }: Style): readonly Column<StatusReplica>[] => [
  { title: 'replica', rank: 9, cell: ({ replica }) => cleanText(replica) },
  {
    title: 'state',
    rank: 8,
    cell: (replica) => marked(stateOf(replica), isStopped(replica), glyphs.failed),
    paint: (cell, { state, health, exitCode, problem }) => {
      if (exitCode === 0 && problem === null) return chalk.dim(cell);
      if (state === 'running' && (health === 'healthy' || health === 'none')) return chalk.green(cell);
      return state === 'running' && health === 'starting' ? chalk.yellow(cell) : chalk.red(cell);
    },
  },
  {
    title: 'admitted',
    rank: 6,
    cell: ({ admitted }) => (admitted === null ? '' : ADMITTED[`${admitted}`]),
    paint: (cell, { admitted }) => (admitted === true ? cell : chalk.yellow(cell)),
  },
  { title: 'file', rank: 7, min: 14, cell: ({ file }) => cleanText(file ?? '') },
  ...PLACE_COLUMNS,
  {
    title: 'memory',
    rank: 4,
    align: 'right',
    cell: ({ memoryBytes }) => (memoryBytes === null ? '' : prettyBytes(memoryBytes, { binary: true })),
  },
  {
    title: 'cpu',
    rank: 3,
    align: 'right',
    cell: ({ cpuCores }) => (cpuCores === null ? '' : `${(cpuCores * 100).toFixed(1)} %`),
  },
];

const ADMITTED = { true: 'yes', false: 'no', unknown: 'unknown' } as const;

const ingressColumns = ({ chalk, glyphs }: Style): readonly Column<StatusIngress>[] => [
  { title: 'ingress', rank: 9, cell: ({ service }) => cleanText(service) },
  {
    title: 'state',
    rank: 8,
    cell: ({ state }) => marked(state, state !== 'running', glyphs.failed),
    paint: (cell, { state }) => (state === 'running' ? chalk.green(cell) : chalk.red(cell)),
  },
  {
    title: 'listens on',
    rank: 7,
    min: 14,
    cell: ({ ports }) => ports?.map((port) => listensOn(port, glyphs.arrow)).join(', ') ?? 'unknown',
  },
  ...PLACE_COLUMNS,
];

/** `8080 → 3000`, or `3000` if the port is not published. */
const listensOn = ({ port, published, open }: StatusIngressPort, arrow: string): string =>
  (published.length === 0 ? `${port}` : published.map((outside) => `${outside} ${arrow} ${port}`).join(', ')) +
  (open ? '' : ' (closed)');
