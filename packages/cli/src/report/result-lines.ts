import type { DownResult, IngressImageResult, PlanResult, Result } from '../model/results.ts';
import { cleanText } from './clean-text.ts';
import { historyLines } from './history-lines.ts';
import { planLines } from './plan-lines.ts';
import { receiptLines } from './receipt-lines.ts';
import { statusLines } from './status-lines.ts';
import type { Style } from './style.ts';
import { wrapWords } from './wrap-words.ts';

/** A result for people. */
export const resultLines = (result: Result, style: Style): string[] => {
  switch (result.type) {
    case 'receipt':
      return receiptLines(result, style);
    case 'plan':
      return [...noteLines(result, style.width), ...planLines(result.plan, result.impacts, style.width)];
    case 'config':
      // The text is not changed: programs read it, and its formats already escape control characters.
      return result.text === '' ? [] : result.text.split('\n');
    case 'history':
      return historyLines(result, style);
    case 'status':
      return statusLines(result, style);
    case 'down':
      return downLines(result, style);
    case 'ingress-image':
      return ingressImageLines(result);
    default:
      return result satisfies never;
  }
};

/** The shortest form that another command can use: addresses, files or names, one a line. */
export const shortLines = (result: Result): string[] => {
  switch (result.type) {
    case 'receipt': {
      const serving = result.outcome === 'deployed' || result.outcome === 'unchanged';
      const lines = result.url.length > 0 ? result.url : result.replicas.map(({ container }) => container);
      return serving ? lines.map(cleanText) : [];
    }
    case 'plan':
      return planLines(result.plan, result.impacts);
    // The exit status already says whether the files are valid.
    case 'config':
      return [];
    case 'history':
      return result.containers.map(({ file, container }) => cleanText(file ?? container));
    case 'status':
      // With `--check`, prints nothing if all is well.
      return (result.checked ? result.problems : result.replicas.map(({ container }) => container)).map(cleanText);
    case 'down':
      return result.removed.map(cleanText);
    case 'ingress-image':
      return result.outcome === 'printed' ? result.text.split('\n') : [cleanText(result.image)];
    default:
      return result satisfies never;
  }
};

const noteLines = ({ notes = [] }: PlanResult, width: number): string[] =>
  notes.length === 0 ? [] : [...notes.flatMap((note) => wrapWords(cleanText(note), width)), ''];

function ingressImageLines(result: IngressImageResult): string[] {
  switch (result.outcome) {
    case 'printed':
      return result.text.split('\n');
    case 'present':
      return [`Ingresses use ${cleanText(result.image)}, which is on the engine.`];
    case 'missing':
      return [`Ingresses use ${cleanText(result.image)}. The next deploy builds it.`];
    case 'saved':
      return [`Saved ${cleanText(result.image)} to ${cleanText(result.file)}.`];
    case 'loaded':
      return [`Loaded ${cleanText(result.file)}. Ingresses use ${cleanText(result.image)} from now on.`];
    default:
      return result satisfies never;
  }
}

const downLines = ({ outcome, project, removed, kept }: DownResult, { chalk }: Style): string[] => {
  if (outcome === 'declined') return ['Nothing was removed.'];
  const name = chalk.bold(cleanText(project));
  const head = outcome === 'down' ? `${name} is down.` : `${name} was not deployed: nothing to remove.`;
  const list = (title: string, items: readonly string[]) =>
    items.map((item, index) => `  ${chalk.dim((index === 0 ? title : '').padEnd(7))}  ${cleanText(item)}`);
  // Items arrive in the order of removal. Names are easier to find when sorted.
  const lists = [...list('removed', removed.toSorted()), ...list('kept', kept)];
  return lists.length === 0 ? [head] : [head, '', ...lists];
};
