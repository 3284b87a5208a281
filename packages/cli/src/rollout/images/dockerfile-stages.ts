import type { Copy, Dockerfile, From, Instruction, PropertyInstruction, Run } from 'dockerfile-ast';
import { volumePath } from '../../model/image.ts';
import { substituteArgs } from './substitute-args.ts';

/** One `FROM` of a Dockerfile, with args and variables filled in. */
export interface Stage {
  readonly index: number;
  readonly name: string | undefined;
  /** The stage or image that it starts from; undefined if that depends on an arg without a value. */
  readonly base: string | undefined;
  /** Stages and images that it copies or mounts files from. */
  readonly sources: readonly string[];
  readonly volumes: readonly string[];
  /** TCP ports. */
  readonly exposedPorts: readonly number[];
  /** Undefined: as in the base. */
  readonly hasHealthcheck: boolean | undefined;
}

/** Reads the stages of a Dockerfile. Leaves out words that depend on an arg without a value. */
export function readStages(dockerfile: Dockerfile, args: Readonly<Record<string, string>>): readonly Stage[] {
  const initial = new Map<string, string>();
  const stages: Writable<Stage>[] = [];
  let values = initial;
  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      stages.push(stageAt(stages.length, instruction as From, initial));
      values = new Map();
    } else if (keyword === 'ARG') {
      for (const [name, value = initial.get(name)] of propertiesOf(instruction, values))
        setUnlessUndefined(values, name, args[name] ?? value);
    } else if (keyword === 'ENV') {
      for (const [name, value] of propertiesOf(instruction, values)) setUnlessUndefined(values, name, value);
    } else {
      const stage = stages.at(-1);
      if (stage !== undefined) addTo(stage, instruction, { initial, values });
    }
  }
  return stages;
}

/** The stage with this name or number among those given. */
export const stageOf = (reference: string, stages: readonly Stage[]): Stage | undefined =>
  stages.findLast(({ name }) => name === reference.toLowerCase()) ??
  (/^\d+$/.test(reference) ? stages[Number(reference)] : undefined);

/** The stage that a reference in another stage means: always an earlier one. */
export const earlierStage = (reference: string, stage: Stage, stages: readonly Stage[]): Stage | undefined =>
  stageOf(reference, stages.slice(0, stage.index));

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer One)[] ? One[] : T[K] };
type Values = ReadonlyMap<string, string>;

const stageAt = (index: number, from: From, initial: Values): Writable<Stage> => ({
  index,
  name: from.getBuildStage()?.toLowerCase(),
  base: substituteArgs(unquote(from.getImage() ?? ''), initial) || undefined,
  sources: [],
  volumes: [],
  exposedPorts: [],
  hasHealthcheck: undefined,
});

function addTo(
  stage: Writable<Stage>,
  instruction: Instruction,
  { initial, values }: { initial: Values; values: Values },
): void {
  // The casts follow dockerfile-ast, which makes the class by the keyword.
  switch (instruction.getKeyword()) {
    case 'COPY':
      for (const flag of (instruction as Copy).getFlags())
        if (flag.getName() === 'from') stage.sources.push(...filled(flag.getValue(), initial));
      break;
    case 'RUN':
      for (const flag of (instruction as Run).getFlags()) {
        const source = flag.getName() === 'mount' && /(?:^|,)from=([^,]+)/.exec(flag.getValue() ?? '')?.[1];
        if (source) stage.sources.push(...filled(source, initial));
      }
      break;
    case 'VOLUME':
      stage.volumes.push(
        ...volumesOf(instruction)
          .flatMap((path) => filled(path, values))
          .map(volumePath),
      );
      break;
    case 'EXPOSE':
      for (const word of instruction.getArguments())
        stage.exposedPorts.push(...filled(word.getValue(), values).flatMap(portsOf));
      break;
    case 'HEALTHCHECK':
      stage.hasHealthcheck = !/^none\b/i.test(instruction.getArgumentsContent() ?? '');
  }
}

/** Names and values of an `ARG` or `ENV`; undefined for a name without a value, or with one that cannot be known. */
const propertiesOf = (instruction: Instruction, values: Values): [name: string, value: string | undefined][] =>
  // The cast follows dockerfile-ast, which makes the class by the keyword.
  (instruction as PropertyInstruction).getProperties().flatMap((property): [string, string | undefined][] => {
    const name = property.getName();
    const value = property.getValue();
    // `ARG A B` is two names, and dockerfile-ast reads it as `ENV A B`.
    if (instruction.getKeyword() === 'ARG' && value !== null && property.getAssignmentOperator() === null)
      return [[name, undefined], ...value.split(/\s+/).map((other): [string, undefined] => [other, undefined])];
    return [[name, value === null ? undefined : substituteArgs(unquote(value), values)]];
  });

function setUnlessUndefined(values: Map<string, string>, name: string, value: string | undefined): void {
  if (value !== undefined) values.set(name, value);
}

/** The text with its values filled in; empty if it is empty, or one of them is missing. */
const filled = (text: string | null, values: Values): string[] => {
  const value = substituteArgs(unquote(text ?? ''), values);
  return value ? [value] : [];
};

/** Words, or a JSON list. */
function volumesOf(instruction: Instruction): string[] {
  const text = (instruction.getArgumentsContent() ?? '').trim();
  return listOf(text) ?? text.split(/\s+/);
}

/** The strings of a JSON list, which may go over several lines; undefined if it is not one. */
function listOf(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text.replace(/\\\r?\n/g, ''));
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** `80`, `80/tcp`, `8000-8010`; none for UDP. */
function portsOf(word: string): number[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?(?:\/tcp)?$/i.exec(word) ?? [];
  if (first === undefined) return [];
  return Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) }, (_, at) => Number(first) + at);
}

const unquote = (text: string): string => text.replace(/^(["'])(.*)\1$/s, '$2');
