import leven from 'leven';
import { formatPath, type Locate, type Path, type Problem, problemAt } from '../problem.ts';
import { composeFile } from './compose-file.ts';
import { survey } from './survey.ts';

/** Keys of a file that lobbie does not support, and keys that have no effect. */
export interface Support {
  /**
   * Keys of the Compose Specification that lobbie does not support, with what to do instead. They block the deploy
   * only.
   */
  readonly blockers: readonly Problem[];
  /** Keys that are read but have no effect. */
  readonly warnings: readonly Problem[];
}

/** Finds keys of the Compose Specification that lobbie does not implement, in a file as written. */
export function checkSupport(tree: unknown, locate: Locate = () => undefined): Support {
  const blockers: Problem[] = [];
  const warnings: Problem[] = [];
  const warnOf = (path: Path, message: string): void =>
    void warnings.push(problemAt(locate, formatPath(path), message));
  for (const path of lookAlikes(tree)) warnOf(path, 'is ignored; did you mean "x-lobbie"?');
  for (const { path, doc, value } of survey(composeFile, tree)) {
    const where = formatPath(path);
    if (doc.instead !== undefined && !isNothing(value))
      blockers.push(
        problemAt(locate, where, 'is part of the Compose Specification, but lobbie does not support it', doc.instead),
      );
    if (doc.ignored !== undefined && doc.heeds?.(value) !== true) warnOf(path, `has no effect: ${doc.ignored}`);
  }
  return { blockers, warnings };
}

/** A `post_start:` whose commands are commented out does nothing. */
const isNothing = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** Extensions of the project and its services that are probably misspelt. */
function lookAlikes(tree: unknown): Path[] {
  const found = extensionsOf(tree).map((name) => [name]);
  const services = isRecord(tree) && Object.hasOwn(tree, 'services') ? tree.services : undefined;
  if (!isRecord(services)) return found;
  const below = Object.entries(services).flatMap(([service, value]) =>
    extensionsOf(value).map((name) => ['services', service, name]),
  );
  return [...found, ...below];
}

const extensionsOf = (value: unknown): string[] => (isRecord(value) ? Object.keys(value).filter(isLookAlike) : []);

const isLookAlike = (name: string): boolean =>
  name !== 'x-lobbie' &&
  (/^x-lob/i.test(name) || (name.startsWith('x-') && leven(name, 'x-lobbie', { maxDistance: 3 }) < 3));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
