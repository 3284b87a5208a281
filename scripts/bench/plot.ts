import { fitPowerLaw } from './statistics.ts';
import { number } from './words.ts';

/** One contestant's costs by size. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [size: number, cost: number])[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 70;
const RIGHT = 230;
const TOP = 40;
const BOTTOM = 50;
/** Readable on white and on black, and told apart by most people with a colour vision deficiency. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
const GREY = '#808080';

/**
 * Costs against sizes as SVG, on two logarithmic axes, so that a power law is a straight line. The legend has the
 * fitted exponents.
 */
export function plotSvg({ title, x, y, series }: Plot): string {
  const points = series.flatMap((one) => one.points);
  const toX = scale(
    points.map(([size]) => size),
    [LEFT, WIDTH - RIGHT],
  );
  const toY = scale(
    points.map(([, cost]) => cost),
    [HEIGHT - BOTTOM, TOP],
  );
  const body = [
    text(LEFT, 22, title, 'font-weight="bold"'),
    ...toX.ticks.map((at) => grid(toX.place(at), toX.place(at), TOP, HEIGHT - BOTTOM)),
    ...toX.ticks.map((at) => text(toX.place(at), HEIGHT - BOTTOM + 18, number(at), 'text-anchor="middle"')),
    ...toY.ticks.map((at) => grid(LEFT, WIDTH - RIGHT, toY.place(at), toY.place(at))),
    ...toY.ticks.map((at) => text(LEFT - 8, toY.place(at) + 4, number(at), 'text-anchor="end"')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x, 'text-anchor="middle"'),
    text(LEFT - 8, TOP - 10, y, 'text-anchor="end"'),
    ...series.flatMap((one, at) => draw(one, at, (point) => [toX.place(point[0]), toY.place(point[1])])),
  ];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${GREY}">`;
  return `${[head, ...body.map((line) => `  ${line}`), '</svg>'].join('\n')}\n`;
}

function draw(
  { name, points }: Series,
  at: number,
  place: (point: readonly [number, number]) => readonly [number, number],
): string[] {
  const colour = COLOURS[at % COLOURS.length];
  const law = fitPowerLaw(points);
  const words = law === undefined ? name : `${name}: size^${law.exponent.toFixed(2)}`;
  const y = TOP + 10 + at * 20;
  const line = points.map((point) => place(point).map(round).join(',')).join(' ');
  return [
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(place).map(([cx, cy]) => `<circle cx="${round(cx)}" cy="${round(cy)}" r="3.5" fill="${colour}"/>`),
    `<circle cx="${WIDTH - RIGHT + 18}" cy="${y - 4}" r="5" fill="${colour}"/>`,
    text(WIDTH - RIGHT + 30, y, words),
  ];
}

/** A logarithmic axis whose ends are powers of ten around the values. */
function scale(
  values: readonly number[],
  [from, to]: readonly [number, number],
): { readonly ticks: number[]; place(value: number): number } {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at)),
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

const grid = (x1: number, x2: number, y1: number, y2: number): string =>
  `<line x1="${round(x1)}" x2="${round(x2)}" y1="${round(y1)}" y2="${round(y2)}" stroke="${GREY}" stroke-opacity="0.3"/>`;

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${round(x)}" y="${round(y)}"${more === '' ? '' : ` ${more}`}>${escapeXml(words)}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;
const escapeXml = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
