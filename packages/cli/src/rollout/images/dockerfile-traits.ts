import { DockerfileParser, type From, type Instruction } from 'dockerfile-ast';
import { substituteArgs } from '../../engine/substitute-args.ts';
import { type ImageTraits, volumePath } from '../../model/image.ts';

/**
 * What an image will say of itself once it is built from this Dockerfile: the volumes, TCP ports and healthcheck of the
 * stage that is built, of those it starts from, and of the image below them. What a name without a value would decide
 * is left out.
 *
 * @param baseOf traits of an image that a stage starts from, as the Dockerfile names it once args are filled in
 */
export function dockerfileTraits(
  text: string,
  args: Readonly<Record<string, string>>,
  target: string | undefined,
  baseOf: (image: string) => ImageTraits | undefined,
): ImageTraits {
  const stages = readStages(text, args);
  const last = target === undefined ? stages.at(-1) : (stageOf(target, stages) ?? stages.at(-1));
  return last === undefined ? NONE : traitsOf(last, stages, baseOf);
}

const NONE: ImageTraits = { exposedPorts: [], volumes: [], hasHealthcheck: false };

interface Stage {
  readonly index: number;
  readonly name: string | undefined;
  readonly image: string;
  readonly volumes: string[];
  readonly exposedPorts: number[];
  /** Undefined: as below. */
  hasHealthcheck?: boolean;
}

function traitsOf(
  stage: Stage,
  stages: readonly Stage[],
  baseOf: (image: string) => ImageTraits | undefined,
): ImageTraits {
  const below = stageOf(stage.image, stages.slice(0, stage.index));
  const base = below ? traitsOf(below, stages, baseOf) : (baseOf(stage.image) ?? NONE);
  return {
    exposedPorts: [...new Set([...base.exposedPorts, ...stage.exposedPorts])].toSorted((a, b) => a - b),
    volumes: [...new Set([...base.volumes, ...stage.volumes])].toSorted(),
    hasHealthcheck: stage.hasHealthcheck ?? base.hasHealthcheck,
  };
}

const stageOf = (reference: string, stages: readonly Stage[]): Stage | undefined =>
  stages.findLast(({ name }) => name === reference.toLowerCase()) ??
  (/^\d+$/.test(reference) ? stages[Number(reference)] : undefined);

function readStages(text: string, args: Readonly<Record<string, string>>): Stage[] {
  const dockerfile = DockerfileParser.parse(text);
  const initial = new Map<string, string>();
  const stages: Stage[] = [];
  let values = initial;
  for (const instruction of dockerfile.getInstructions()) {
    const stage = stages.at(-1);
    const words = instruction.getArguments().map((word) => substituteArgs(unquote(word.getValue()), values));
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      // The cast follows dockerfile-ast, which makes the class by the keyword.
      const from = instruction as From;
      const image = substituteArgs(unquote(from.getImage() ?? ''), initial) ?? '';
      const name = from.getBuildStage()?.toLowerCase();
      stages.push({ index: stages.length, name, image, volumes: [], exposedPorts: [] });
      values = new Map();
    } else if (keyword === 'ARG') declare(words, values, initial, args);
    else if (keyword === 'ENV') for (const [name, value] of variablesOf(words)) values.set(name, value);
    if (stage === undefined) continue;
    if (keyword === 'VOLUME') stage.volumes.push(...volumesOf(instruction, values));
    if (keyword === 'EXPOSE') stage.exposedPorts.push(...words.flatMap((word) => portsOf(word)));
    if (keyword === 'HEALTHCHECK') stage.hasHealthcheck = !/^none\b/i.test(instruction.getArgumentsContent() ?? '');
  }
  return stages;
}

/** `ARG NAME` takes what was given, else its own default, else that of before the first `FROM`. */
function declare(
  words: readonly (string | undefined)[],
  values: Map<string, string>,
  initial: ReadonlyMap<string, string>,
  args: Readonly<Record<string, string>>,
): void {
  for (const word of words) {
    const [name = '', ...rest] = (word ?? '').split('=');
    const value = args[name] ?? (rest.length > 0 ? unquote(rest.join('=')) : initial.get(name));
    if (value !== undefined) values.set(name, value);
  }
}

/** `ENV A=1 B=2`, or the old `ENV A 1`. */
function variablesOf(words: readonly (string | undefined)[]): [string, string][] {
  const [first = '', ...rest] = words.map((word) => word ?? '');
  if (!first.includes('=')) return [[first, rest.join(' ')]];
  return [first, ...rest].map((word) => {
    const [name = '', ...value] = word.split('=');
    return [name, unquote(value.join('='))];
  });
}

/** Words, or a JSON list. */
function volumesOf(instruction: Instruction, values: ReadonlyMap<string, string>): string[] {
  const text = (instruction.getArgumentsContent() ?? '').trim();
  return (listOf(text) ?? text.split(/\s+/))
    .map((path) => substituteArgs(unquote(path), values))
    .flatMap((path) => (path === undefined || path === '' ? [] : [volumePath(path)]));
}

/** The strings of a JSON list, which may go over several lines; undefined where it is none. */
function listOf(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text.replace(/\\\r?\n/g, ''));
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** `80`, `80/tcp`, `8000-8010`; UDP is nobody's business here. */
function portsOf(word: string | undefined): number[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?(?:\/tcp)?$/i.exec(word ?? '') ?? [];
  if (first === undefined) return [];
  return Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) }, (_, at) => Number(first) + at);
}

const unquote = (text: string): string => text.replace(/^(["'])(.*)\1$/s, '$2');
