import type { HistoryContainer, HistoryResult } from '../model/results.ts';
import { cleanText } from './clean-text.ts';
import type { Style } from './style.ts';
import { type Column, tableLines } from './table-lines.ts';

/** Every container that has run, oldest first, with local times. */
export const historyLines = ({ containers }: HistoryResult, style: Style): string[] =>
  containers.length === 0
    ? ['No container has run yet.']
    : tableLines(historyColumns(containers, style), containers, style);

const historyColumns = (
  containers: readonly HistoryContainer[],
  { chalk, timeZone }: Style,
): readonly Column<HistoryContainer>[] => {
  const localTime = localTimes(timeZone);
  return [
    ...(hasFiles(containers) ? [fileColumn(chalk)] : []),
    // Without files, the container's name identifies the row.
    { title: 'container', rank: hasFiles(containers) ? 3 : 8, min: 16, cell: ({ container }) => cleanText(container) },
    { title: 'replica', rank: 5, cell: ({ replica }) => cleanText(replica ?? '') },
    { title: 'release', rank: 4, cell: ({ release }) => cleanText(release ?? '') },
    { title: 'image', rank: 1, min: 12, cell: ({ image }) => cleanText(image ?? ''), paint: (cell) => chalk.dim(cell) },
    { title: 'started', rank: 6, cell: ({ started }) => localTime(started) },
    {
      title: 'ended',
      rank: 7,
      cell: ({ ended, running }) => (running ? 'running' : localTime(ended)),
      paint: (cell, { running }) => (running ? chalk.green(cell) : chalk.dim(cell)),
    },
  ];
};

/** Only lobbie's own API makes files. */
const hasFiles = (containers: readonly HistoryContainer[]): boolean => containers.some(({ file }) => file !== null);

const fileColumn = (chalk: Style['chalk']): Column<HistoryContainer> => ({
  title: 'file',
  rank: 8,
  min: 16,
  // A narrow terminal drops the container column. The row still needs a name.
  cell: ({ file, container }) => cleanText(file ?? `(${container})`),
  paint: (cell, { file }) => (file === null ? chalk.dim(cell) : cell),
});

/** `2026-11-21 06:56`. The Swedish locale writes dates this way. Creating a format is slow, so all rows share one. */
const localTimes = (timeZone: string | undefined): ((iso: string | null) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return (iso) => (iso === null || Number.isNaN(Date.parse(iso)) ? '' : format.format(new Date(iso)));
};
