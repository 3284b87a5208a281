import type { z } from 'zod/mini';
import type { Path } from '../problem.ts';
import { shown, shownKind } from './shown.ts';
import { unknownKey } from './unknown-key.ts';

/** One sentence about one place in the file. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
  /** The value can be read but not deployed. */
  readonly blocks?: boolean;
}

type Issue = z.core.$ZodIssue;

/**
 * Turns an issue of the schema into sentences that say what was expected and what was found. The message of the issue
 * is the expectation.
 *
 * @param known the keys of the maps in which unknown ones were found
 */
export function* findingsOf(
  issue: Issue,
  above: Path,
  known: ReadonlyMap<unknown, readonly string[]>,
): Generator<Finding> {
  // Keys of the tree are never symbols.
  const path = [...above, ...(issue.path as Path)];
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const name of issue.keys) {
        if (name.startsWith('x-')) continue;
        yield { path: [...path, name], ...unknownKey(name, issue.input?.[name], path, known.get(issue.input) ?? []) };
      }
      break;
    case 'invalid_union': {
      const form = formMeant(issue.errors);
      if (form === undefined) yield mismatch(path, issue.message, issue.input);
      else for (const nested of form) yield* findingsOf(nested, path, known);
      break;
    }
    case 'invalid_key': {
      const name = issue.path.at(-1);
      const expected = name === '' ? 'a name' : 'a name of letters, digits, "_", "." and "-"';
      const hint = String(name).includes('$') ? { hint: 'Variables are replaced in values, not in keys.' } : {};
      yield { path, message: `expected ${expected}, got ${shown(name)}`, ...hint };
      break;
    }
    case 'custom':
      yield customFinding(path, issue);
      break;
    default:
      yield mismatch(path, issue.message, issue.input);
  }
}

/** The issues of the only form whose kind the value has; undefined if there is none. */
function formMeant(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fits = forms.filter((issues) => !issues.some(isWrongKind));
  return fits.length === 1 ? fits[0] : undefined;
}

const isWrongKind = (issue: Issue): boolean =>
  issue.path.length === 0 && (issue.code === 'invalid_type' || (issue.code === 'custom' && issue.params === undefined));

function customFinding(path: Path, issue: z.core.$ZodIssueCustom): Finding {
  const { says, expected, because, blocks } = issue.params ?? {};
  if (typeof says === 'string') return { path, message: says };
  const finding = mismatch(path, typeof expected === 'string' ? expected : issue.message, issue.input);
  if (blocks === true) return { ...finding, blocks };
  return typeof because === 'string' ? { ...finding, message: `${finding.message}: ${because}` } : finding;
}

function mismatch(path: Path, expected: string, value: unknown): Finding {
  const hint = hintFor(expected, value);
  if (value === undefined) return { path, message: `is missing: expected ${expected}` };
  // Text in place of a map or a list may be a secret: `environment: PASSWORD=…`.
  const holds = /^(a map|a list)\b/.test(expected);
  const message = `expected ${expected}, got ${holds ? shownKind(value) : shown(value)}`;
  return { path, message, ...(hint === undefined ? {} : { hint }) };
}

function hintFor(expected: string, value: unknown): string | undefined {
  if (value === null) return 'Set a value, or remove the key.';
  if (expected.startsWith('a duration')) {
    // The text "0" is a duration without a unit. It is out of range here.
    const isBare = typeof value !== 'object' && value !== '0' && /^\d+$/.test(String(value));
    return isBare ? `Add the unit: "${String(value)}s".` : undefined;
  }
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (scalar && expected.startsWith('text')) return `Put it in quotes: "${value}".`;
  if (typeof value === 'string' && expected.startsWith('a list')) return 'Each item of a list begins with "- ".';
  if (Array.isArray(value) && expected.startsWith('a map') && !expected.includes('list')) {
    return 'The keys of a map do not begin with "- ".';
  }
  return undefined;
}
