import { DockerfileParser } from 'dockerfile-ast';
import { earlierStage, readStages, type Stage, stageOf } from './dockerfile-stages.ts';

/**
 * References of the images that a build of this Dockerfile starts from: `FROM`, `COPY --from`, `RUN --mount=from` and
 * the frontend of `# syntax`, each once, in the order of the file. Leaves out stages that the target does not need, as
 * BuildKit does, and references that depend on an arg without a value.
 */
export function baseImages(
  dockerfileText: string,
  args: Readonly<Record<string, string>>,
  target?: string,
): readonly string[] {
  const dockerfile = DockerfileParser.parse(dockerfileText);
  const stages = readStages(dockerfile, args);
  const images = new Set(
    dockerfile.getDirectives().flatMap((each) => (each.getName() === 'syntax' ? [each.getValue()] : [])),
  );
  for (const stage of neededStages(stages, target)) {
    for (const reference of referencesOf(stage)) {
      if (reference !== 'scratch' && earlierStage(reference, stage, stages) === undefined) images.add(reference);
    }
  }
  return [...images];
}

const referencesOf = ({ base, sources }: Stage): string[] => [...(base === undefined ? [] : [base]), ...sources];

/** The stages that the target consists of. All stages if the target does not exist, because the build reports that. */
function neededStages(stages: readonly Stage[], target: string | undefined): readonly Stage[] {
  const last = target === undefined ? stages.at(-1) : stageOf(target, stages);
  if (!last) return stages;
  const needed = new Set([last]);
  // The loop also visits stages added on the way.
  for (const stage of needed) {
    for (const reference of referencesOf(stage)) {
      const other = earlierStage(reference, stage, stages);
      if (other) needed.add(other);
    }
  }
  return stages.filter((stage) => needed.has(stage));
}
