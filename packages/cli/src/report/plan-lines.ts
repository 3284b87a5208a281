import stringWidth from 'string-width';
import type { Impact, Plan } from '../model/plan.ts';
import type { ToldStep } from '../model/step.ts';
import { cleanText } from './clean-text.ts';
import { stepSubject } from './step-subject.ts';
import { numberedSteps, waitWords } from './step-waits.ts';
import { hang, wrapWords } from './wrap-words.ts';

/**
 * A plan as text, for `--dry-run` and the plan's tests. One line a step: its number, the steps that it waits for, what
 * it does, to what, and why. Steps that do not wait for each other may run at the same time. Below the steps: what
 * users of each service will notice, what has changed, and what runs but is in no file.
 *
 * @param width columns to stay within, unless a name is longer
 */
export const planLines = (plan: Plan<ToldStep>, impacts: readonly Impact[], width = Infinity): string[] => {
  const steps = numberedSteps(plan.steps);
  const isOrdered = steps.some(({ waits }) => waits.length > 0);
  const rows = steps.map(({ step, waits }, at) => [
    String(at + 1).padStart(String(steps.length).length),
    ...(isOrdered ? [waitWords(waits)] : []),
    step.kind,
    cleanText(stepSubject(step)),
    cleanText(step.reason),
  ]);
  const isNoticed =
    rows.length > 0 || impacts.some(({ notice, changes }) => notice !== 'nothing' || changes.length > 0);
  return [
    ...(rows.length === 0 ? ['nothing to do'] : alignRows(rows, width)),
    ...section('what users will notice', isNoticed ? impactRows(impacts) : [], width),
    ...section(
      'running, but in no file',
      plan.orphans.map((name) => [cleanText(name), 'removed with --remove-orphans']),
      width,
    ),
  ];
};

/**
 * The first row of a service shows its impact. The rows below show how to avoid it, its addresses and what has changed.
 */
const impactRows = (impacts: readonly Impact[]): string[][] =>
  impacts.flatMap(({ service, notice, advice, changes, discovered }) => [
    [cleanText(service), cleanText(notice)],
    ...(advice === undefined ? [] : [['', `  ${cleanText(advice)}`]]),
    ...(discovered === undefined ? [] : [['', `  ${cleanText(discovered)}`]]),
    ...changes.map((change) => ['', `  ${cleanText(change)}`]),
  ]);

const section = (title: string, rows: readonly (readonly string[])[], width: number): string[] =>
  rows.length === 0 ? [] : ['', title, ...alignRows(rows, width - 2).map((line) => `  ${line}`)];

/**
 * Pads every column but the last to its widest cell. If the last column does not fit, it wraps. If too little room is
 * left beside the other columns, it goes below the row.
 */
const alignRows = (rows: readonly (readonly string[])[], width: number): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  const start = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)));
    const head = cells.slice(0, -1).join(GAP);
    const last = row.at(-1) ?? '';
    const lines =
      width - start >= LEAST_ROOM
        ? hang(head, start, wrapWords(last, width - start))
        : [...wrapWords(head, width), ...hang('', BELOW, wrapWords(last, width - BELOW))];
    return lines.map((line) => line.trimEnd());
  });
};

const GAP = '  ';
/** Columns in which most names fit on one line. */
const LEAST_ROOM = 24;
/** Indentation of text below a row. */
const BELOW = 5;
