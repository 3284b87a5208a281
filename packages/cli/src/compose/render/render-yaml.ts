import { goFormat } from '../go-format.ts';
import { compareKeys } from './compare-keys.ts';
import { yamlString } from './yaml-string.ts';

/**
 * A value as YAML in the style of `docker compose config`: indented by two, lists too, records of names sorted. Not the
 * printer of `yaml`: it writes long keys, and the characters that Compose escapes, in another way.
 */
export function renderYaml(value: unknown): string {
  return `${block(value, 0).replace(/^\n/, '')}\n`;
}

/** What follows a key or dash: ` scalar` on its line, or a block on the next ones. */
function block(value: unknown, indent: number): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    return value.map((item) => `\n${' '.repeat(indent)}-${afterDash(block(item, indent + 2), indent)}`).join('');
  }
  if (typeof value !== 'object' || value === null) return ` ${scalar(value, indent)}`;
  const entries = entriesOf(value);
  if (entries.length === 0) return ' {}';
  return entries.map(([key, entry]) => `\n${' '.repeat(indent)}${pair(key, entry, indent)}`).join('');
}

/** Keys that are long or go over several lines are marked with `?`, and their values begin on a line of their own. */
function pair(key: string, value: unknown, indent: number): string {
  const written = yamlString(key, indent + 2);
  const inner = block(value, indent + 2);
  if (Buffer.byteLength(key) <= LONGEST_KEY && !/[\n\r\u0085\u2028\u2029]/.test(key)) return `${written}:${inner}`;
  return `? ${written}\n${' '.repeat(indent)}:${afterDash(inner, indent)}`;
}

/** In bytes. */
const LONGEST_KEY = 128;

/** A block that follows a dash begins on the line of that dash. */
const afterDash = (text: string, indent: number): string =>
  text.startsWith(`\n${' '.repeat(indent + 2)}`) ? ` ${text.slice(indent + 3)}` : text;

/** Objects of fixed keys are printed in their order, records of names sorted. */
function entriesOf(value: object): [string, unknown][] {
  const entries = Object.entries(value);
  return Object.getPrototypeOf(value) === null ? entries.toSorted(([a], [b]) => compareKeys(a, b)) : entries;
}

function scalar(value: unknown, indent: number): string {
  if (typeof value === 'string') return yamlString(value, indent);
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  return typeof value === 'number' ? goFormat(value) : String(value);
}
