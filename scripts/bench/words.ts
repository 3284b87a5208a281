import type { Row, Verdict } from './row.ts';
import type { Metric } from './scenario.ts';
import type { Summary } from './statistics.ts';

/** The scenario with its size and metric: `deploy, image there, 10 replicas: lost`. */
export const rowName = ({ title, label, size, sizeOf }: Row): string =>
  `${title}${sizeOf === '' ? '' : `, ${sizeWords(size, sizeOf)}`}${label === '' ? '' : `: ${label}`}`;

/** `1 replica`, `10 replicas` */
export const sizeWords = (size: number, sizeOf: string): string =>
  `${size.toLocaleString('en')} ${size === 1 ? sizeOf.replace(/s$/, '') : sizeOf}`;

/** `123 (120–131) ms` */
export const spreadWords = ({ median, low, high }: Summary, unit: Metric['unit']): string =>
  `${number(median)} (${number(low)}–${number(high)}) ${unit}`;

/** `1.24 ×` */
export const ratioWords = (ratio: number | null): string => (ratio === null ? '' : `${ratio.toFixed(2)} ×`);

/** `≤ 1.5 ×` */
export const barWords = (verdict: Verdict | undefined, better: Metric['better'], unit = '×'): string =>
  verdict === undefined ? '' : `${better === 'less' ? '≤' : '≥'} ${number(verdict.bar)} ${unit}`;

/** Nothing without a bar. */
export const verdictWords = (verdict: Verdict | undefined): string =>
  verdict === undefined ? '' : verdict.reached ? 'reached' : 'missed';

/** Three significant digits, and all digits before the point. */
export const number = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 });
