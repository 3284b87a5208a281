import stringWidth from 'string-width';
import type { Impact, Plan, PlannedStep } from '../model/plan.ts';
import { cleanText } from './clean-text.ts';
import { stepSubject } from './step-subject.ts';
import { hang, wrapWords } from './wrap-words.ts';

/**
 * A plan as text: what `--dry-run` prints and the tests of the plan compare. One line a step, `kind  subject  reason`;
 * a number opens each level, the steps that may run side by side once all levels above are done. It ends with what
 * the users of each service will notice, what has changed of it, and what runs that no file describes.
 *
 * @param width columns to keep within, as far as names go
 */
export const planLines = (plan: Plan, impacts: readonly Impact[], width = Infinity): string[] => {
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
      'what runs and is in no file',
      plan.orphans.map((name) => [cleanText(name), 'removed with --remove-orphans']),
      width,
    ),
  ];
};

/** A service's first row tells the notice, those below how to avoid it, where proxies find it and what has changed. */
const impactRows = (impacts: readonly Impact[]): string[][] =>
  impacts.flatMap(({ service, notice, advice, changes, discovered }) => [
    [cleanText(service), cleanText(notice)],
    ...(advice === undefined ? [] : [['', `  ${cleanText(advice)}`]]),
    ...(discovered === undefined ? [] : [['', `  ${cleanText(discovered)}`]]),
    ...changes.map((change) => ['', `  ${cleanText(change)}`]),
  ]);

const section = (title: string, rows: readonly (readonly string[])[], width: number): string[] =>
  rows.length === 0 ? [] : ['', title, ...alignRows(rows, width - 2).map((line) => `  ${line}`)];

/** Level by step id: 0 for what waits for nothing, else one more than the highest it waits for. */
const stepLevels = (steps: readonly PlannedStep[]): ReadonlyMap<string, number> => {
  const byId = new Map(steps.map((planned) => [planned.id, planned]));
  const levels = new Map<string, number>();
  const levelOf = (id: string): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    const planned = byId.get(id);
    if (planned === undefined) return -1;
    // Set before the descent, so that a circle among the steps ends here instead of never.
    levels.set(id, 0);
    const level = 1 + Math.max(-1, ...planned.after.map(levelOf));
    levels.set(id, level);
    return level;
  };
  for (const { id } of steps) levelOf(id);
  return levels;
};

/**
 * Pads every column but the last to the widest of its cells. Where the last one does not fit, it goes on below itself, or
 * where too little room is left beside the others, below the row.
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
/** Room in which most names still are on one line. */
const LEAST_ROOM = 24;
/** What is below a row begins so far to the right. */
const BELOW = 5;
