/**
 * A canonical project as stored in the repository: one line for each key of a long service, so that diffs are readable.
 */
export function renderExpected(project: unknown): string {
  return `${render(project, 0)}\n`;
}

const OPEN_LEVELS = 3;
const LINE_WIDTH = 120;

function render(value: unknown, level: number): string {
  const line = JSON.stringify(value);
  if (level > 0 && line.length <= LINE_WIDTH) return line;
  if (level >= OPEN_LEVELS || value === null || typeof value !== 'object' || Array.isArray(value)) return line;
  const indent = ' '.repeat(level + 1);
  const entries = Object.entries(value).map(
    ([key, inner]) => `${indent}${JSON.stringify(key)}: ${render(inner, level + 1)}`,
  );
  return `{\n${entries.join(',\n')}\n${' '.repeat(level)}}`;
}
