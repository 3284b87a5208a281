import { parseDuration } from '../parse/parse-duration.ts';
import { parseSize } from '../parse/parse-size.ts';
import { parseVolume } from '../parse/parse-volume.ts';

const DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const PORT_RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/** `5s`, `1m30s`, `1.5h`, `2d`. Only `0` needs no unit. */
export const isDuration = (text: string): boolean => parseDuration(text) !== undefined;

/** A duration from `least` to `most`, which are durations too. */
export function isDurationWithin(text: string, least: string, most: string): boolean {
  const [value, from, to] = [text, least, most].map(parseDuration);
  return value !== undefined && from !== undefined && to !== undefined && value >= from && value <= to;
}

/** `64`, `512k`, `1.5gb`, `1 GiB`: base 1024, without a sign. */
export const isSize = (text: string): boolean => parseSize(text) !== undefined;

/** `0.5`, `-1`, `1e3`. */
export const isDecimal = (text: string): boolean => DECIMAL.test(text);

/** `3`, `-1`, `+2`. */
export const isWhole = (text: string): boolean => /^[+-]?\d+$/.test(text);

/** The spellings of true and false that Docker Compose accepts in text. */
export const isFlag = (text: string): boolean => /^(true|false|y|n|yes|no|on|off)$/i.test(text);

/** An IPv4 or IPv6 address, without brackets. */
export const isAddress = (text: string): boolean => {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => Number(part) <= 255);
  return text.includes(':') && /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
};

/** First and last port of `80` or `8000-8010`; undefined for other text or if the last is lower. */
export function portRange(text: string): readonly [number, number] | undefined {
  const match = PORT_RANGE.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return last <= 65_535 && first <= last ? [first, last] : undefined;
}

/** The error in a short published port, `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`; undefined if it is valid. */
export function portFault(spec: string): string | undefined {
  const parts = spec.split(':');
  const [target = '', protocol = 'tcp', ...more] = (parts.pop() ?? '').split('/');
  const published = parts.pop() ?? '';
  const address = parts.join(':').replace(/^\[(.*)\]$/, '$1');
  if (address !== '' && !isAddress(address)) return `"${address}" is not an IP address`;
  const inside = portRange(target);
  if (inside === undefined || inside[0] === 0) return `"${target}" is not a container port`;
  if (published !== '' && portRange(published) === undefined) return `"${published}" is not a host port`;
  if (more.length > 0 || !/^(tcp|udp|sctp)?$/i.test(protocol))
    return `"${[protocol, ...more].join('/')}" is not a protocol`;
  const outside = portRange(published);
  if (outside === undefined || inside[0] === inside[1]) return undefined;
  if (outside[1] - outside[0] === inside[1] - inside[0]) return undefined;
  return `the ranges ${published} and ${target} have different lengths`;
}

/** The error in a short mount, `[SOURCE:]TARGET[:OPTIONS]`; undefined if it is valid. */
export const mountFault = (spec: string): string | undefined =>
  spec === '' ? 'it is empty' : parseVolume(spec).error?.replace(`"${spec}"`, 'it');
