import { DockerfileParser } from 'dockerfile-ast';
import type { ImageTraits } from '../../model/image.ts';
import { earlierStage, readStages, type Stage, stageOf } from './dockerfile-stages.ts';

/**
 * The traits that an image will have once it is built from this Dockerfile: the volumes, TCP ports and healthcheck of
 * the stage that is built, of the stages below it, and of the image that these start from.
 *
 * @param baseOf traits of an image that a stage starts from, as the Dockerfile names it once args are filled in
 */
export function dockerfileTraits(
  text: string,
  args: Readonly<Record<string, string>>,
  target: string | undefined,
  baseOf: (image: string) => ImageTraits | undefined,
): ImageTraits {
  const stages = readStages(DockerfileParser.parse(text), args);
  const last = target === undefined ? stages.at(-1) : (stageOf(target, stages) ?? stages.at(-1));
  return last === undefined ? NONE : traitsOf(last, stages, baseOf);
}

const NONE: ImageTraits = { exposedPorts: [], volumes: [], hasHealthcheck: false };

function traitsOf(
  stage: Stage,
  stages: readonly Stage[],
  baseOf: (image: string) => ImageTraits | undefined,
): ImageTraits {
  const below = earlierStage(stage.base ?? '', stage, stages);
  const base = below ? traitsOf(below, stages, baseOf) : (baseOf(stage.base ?? '') ?? NONE);
  return {
    exposedPorts: [...new Set([...base.exposedPorts, ...stage.exposedPorts])].toSorted((a, b) => a - b),
    volumes: [...new Set([...base.volumes, ...stage.volumes])].toSorted(),
    hasHealthcheck: stage.hasHealthcheck ?? base.hasHealthcheck,
  };
}
