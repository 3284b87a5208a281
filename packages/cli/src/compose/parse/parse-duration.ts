const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['w', 604_800_000_000_000n],
]);

const PART = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h|d|w)/y;
const LIMIT = 2n ** 63n;

/** Nanoseconds in `1m30s`, `1.5h`, `2d` or `0`; undefined if the text is not a duration. */
export function parseDuration(text: string): bigint | undefined {
  const sign = text.startsWith('-') ? -1n : 1n;
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return 0n;
  let total = 0n;
  let position = 0;
  while (position < body.length) {
    PART.lastIndex = position;
    const [part, whole = '', fraction = '', unit = ''] = PART.exec(body) ?? [];
    if (part === undefined || whole + fraction === '') return undefined;
    const factor = UNITS.get(unit) ?? 0n;
    total += BigInt(whole || 0) * factor + (BigInt(fraction || 0) * factor) / 10n ** BigInt(fraction.length);
    if (total >= LIMIT) return undefined;
    position += part.length;
  }
  return position === 0 ? undefined : sign * total;
}

/** Formats nanoseconds like Docker Compose: `1m30s`, `1h0m0s`, `500ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 1_000n)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 1_000_000n)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = String((value % unit) + unit)
    .slice(1)
    .replace(/0{1,9}$/, '');
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`;
}
