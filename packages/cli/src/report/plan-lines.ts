import stringWidth from 'string-width';
import type { Impact, Plan, PlannedStep } from '../model/plan.ts';
import type { ToldStep } from '../model/step.ts';
import { cleanText } from './clean-text.ts';
import { stepSubject } from './step-subject.ts';
import { hang, wrapWords } from './wrap-words.ts';

/**
 * A plan as text, for `--dry-run` and the plan's tests. One line a step: `kind  subject  reason`. A number opens each
 * level; the steps of a level may run at the same time, after all earlier levels. Below the steps: what users of each
 * service will notice, what has changed, and what runs but is in no file.
 *
 * @param width columns to stay within, unless a name is longer
 */
export const planLines = (plan: Plan<ToldStep>, impacts: readonly Impact[], width = Infinity): string[] => {
  const levels = stepLevels(plan.steps);
  const steps = plan.steps
    .map((planned) => ({ step: planned.step, level: levels.get(planned.id) ?? 0 }))
    .sort((a, b) => a.level - b.level);
  const rows = steps.map(({ step, level }, index) => [
    level === steps[index - 1]?.level ? '' : String(level + 1),
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

/** Level by step id: 0 for a step that waits for nothing, else one more than the highest level it waits for. */
const stepLevels = (steps: readonly PlannedStep<ToldStep>[]): ReadonlyMap<string, number> => {
  const byId = new Map(steps.map((planned) => [planned.id, planned]));
  const levels = new Map<string, number>();
  const levelOf = (id: string): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    const planned = byId.get(id);
    if (planned === undefined) return -1;
    // Set before the recursion, so that a cycle among the steps ends.
    levels.set(id, 0);
    const level = 1 + Math.max(-1, ...planned.after.map(levelOf));
    levels.set(id, level);
    return level;
  };
  for (const { id } of steps) levelOf(id);
  return levels;
};

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
