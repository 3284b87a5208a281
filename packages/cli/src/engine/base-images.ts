import { type Copy, DockerfileParser, type From, type Instruction, type Run } from 'dockerfile-ast';
import { substituteArgs } from './substitute-args.ts';

/**
 * References of the images that a build of this Dockerfile starts from: `FROM`, `COPY --from`, `RUN --mount=from` and
 * the frontend of `# syntax`, each once, in the order of the file. Stages that the target does not need are left out,
 * as BuildKit leaves them out. Args fall to their defaults; what depends on an arg without any value is left out.
 */
export function baseImages(
  dockerfileText: string,
  args: Readonly<Record<string, string>>,
  target?: string,
): readonly string[] {
  const dockerfile = DockerfileParser.parse(dockerfileText);
  const values = globalArgs(
    dockerfile.getInitialARGs().map((arg) => arg.getProperty()),
    args,
  );
  const stages = readStages(dockerfile.getInstructions(), values);
  const images = new Set(
    dockerfile.getDirectives().flatMap((each) => (each.getName() === 'syntax' ? [each.getValue()] : [])),
  );
  for (const stage of neededStages(stages, target)) {
    for (const source of stage.sources) {
      if (source !== 'scratch' && stageOf(source, stages, stage) === undefined) images.add(source);
    }
  }
  return [...images];
}

interface Stage {
  readonly index: number;
  readonly name: string | undefined;
  /** References of images and other stages, substituted. */
  readonly sources: string[];
}

function readStages(instructions: readonly Instruction[], values: ReadonlyMap<string, string>): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    // The casts follow dockerfile-ast, which makes the class by the keyword.
    switch (instruction.getKeyword()) {
      case 'FROM': {
        const from = instruction as From;
        const image = substituteArgs(unquote(from.getImage() ?? ''), values);
        const name = from.getBuildStage()?.toLowerCase();
        stages.push({ index: stages.length, name, sources: image ? [image] : [] });
        break;
      }
      case 'COPY': {
        const source = (instruction as Copy)
          .getFlags()
          .find((flag) => flag.getName() === 'from')
          ?.getValue();
        if (source) stage?.sources.push(...some(substituteArgs(source, values)));
        break;
      }
      case 'RUN':
        for (const flag of (instruction as Run).getFlags()) {
          const source = flag.getName() === 'mount' && /(?:^|,)from=([^,]+)/.exec(flag.getValue() ?? '')?.[1];
          if (source) stage?.sources.push(...some(substituteArgs(source, values)));
        }
    }
  }
  return stages;
}

/** The stages that the target is made of; all of them when there is no such stage, for then the build will say so. */
function neededStages(stages: readonly Stage[], target: string | undefined): readonly Stage[] {
  const last = target === undefined ? stages.at(-1) : stageOf(target, stages);
  if (!last) return stages;
  const needed = new Set<Stage>();
  const visit = (stage: Stage): void => {
    if (needed.has(stage)) return;
    needed.add(stage);
    for (const source of stage.sources) {
      const other = stageOf(source, stages, stage);
      if (other) visit(other);
    }
  };
  visit(last);
  return stages.filter((stage) => needed.has(stage));
}

/** The stage of a name or number; only those before `within`, for a stage cannot name itself or a later one. */
function stageOf(reference: string, stages: readonly Stage[], within?: Stage): Stage | undefined {
  const earlier = within ? stages.slice(0, within.index) : stages;
  return (
    earlier.findLast(({ name }) => name === reference.toLowerCase()) ??
    (/^\d+$/.test(reference) ? earlier[Number(reference)] : undefined)
  );
}

/** Args before the first `FROM`: what was given, or their defaults, which may use the ones before. */
function globalArgs(
  declared: readonly ({ getName(): string; getValue(): string | null } | null)[],
  args: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const property of declared) {
    if (!property) continue;
    const name = property.getName();
    const fallback = property.getValue();
    const value = args[name] ?? (fallback === null ? undefined : substituteArgs(unquote(fallback), values));
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

const unquote = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

const some = (value: string | undefined): string[] => (value ? [value] : []);
