import { posix } from 'node:path';
import { newMap, type TreeMap } from '../tree.ts';

/** A mount in its long form, or the error of the short form. */
export type ParsedVolume =
  | { readonly volume: TreeMap & { target: string }; readonly error?: undefined }
  | { readonly volume?: undefined; readonly error: string };

const PROPAGATIONS: ReadonlySet<string> = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/**
 * Reads `source:target:options`, `source:target` and `target`. A source that looks like a path is a bind mount; unknown
 * options are ignored.
 */
export function parseVolume(text: string): ParsedVolume {
  if (text === '') return { error: 'an empty volume' };
  if (text.length <= 2) return { volume: toMap({ type: 'volume', target: text }) };
  const sections = splitAtColons(text);
  if (sections.includes('')) return { error: `"${text}" has an empty section between colons` };
  if (sections.length > 3) return { error: `"${text}" has too many colons` };
  const [first = '', second, options = ''] = sections;
  const source = second === undefined ? '' : first;
  const volume: Record<string, string | boolean | TreeMap> = { type: 'volume' };
  if (source !== '') volume.source = source;
  volume.target = posix.normalize(second ?? first).replace(/(?<=.)\/$/, '');
  const bind: Record<string, string | boolean> = {};
  const named: Record<string, boolean> = {};
  for (const option of options.split(',')) {
    if (option === 'ro') volume.read_only = true;
    else if (option === 'rw') delete volume.read_only;
    else if (option === 'nocopy') named.nocopy = true;
    else if (option === 'z' || option === 'Z') bind.selinux = option;
    else if (PROPAGATIONS.has(option)) bind.propagation = option;
  }
  if (isPath(source)) {
    volume.type = 'bind';
    bind.create_host_path = true;
  }
  if (Object.keys(bind).length > 0) volume.bind = newMap(Object.entries(bind));
  if (volume.type === 'volume' || named.nocopy) volume.volume = newMap(Object.entries(named));
  return { volume: toMap(volume) };
}

// The target is always among the entries.
const toMap = (entries: Record<string, string | boolean | TreeMap>) =>
  newMap(Object.entries(entries)) as TreeMap & { target: string };

/** A colon after a single letter at the start of a section belongs to a Windows drive. */
function splitAtColons(text: string): string[] {
  const sections: string[] = [];
  let section = '';
  for (const character of text) {
    if (character === ':' && !/^\p{L}$/u.test(section)) {
      sections.push(section);
      section = '';
    } else section += character;
  }
  return [...sections, section];
}

const isPath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
