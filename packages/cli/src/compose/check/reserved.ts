import { isReservedContainer, isReservedImage, isReservedLabel, isReservedVolume } from '../../model/reserved.ts';
import type { ComposeConfig } from '../compose-config.ts';
import type { Path } from '../problem.ts';
import type { Finding, Rule } from './rule.ts';

/**
 * Names and labels that lobbie uses to recognise what it created. A project with them could pass as lobbie or as
 * another project.
 */
export const reserved: Rule = function* ({ name: project, services, networks = {}, volumes = {} }) {
  for (const [name, service] of Object.entries(services)) {
    const path = ['services', name];
    yield* imagesOf(path, project, name, service);
    const { container_name: container = '' } = service;
    if (isReservedContainer(container))
      yield {
        path: [...path, 'container_name'],
        message: `${container} is a name reserved for lobbie's containers`,
        hint: 'Choose another name.',
      };
    yield* labelsOf(path, service.labels);
    yield* labelsOf([...path, 'build'], service.build?.labels);
  }
  for (const [name, { labels }] of Object.entries(networks)) yield* labelsOf(['networks', name], labels);
  for (const [key, { name = key, labels }] of Object.entries(volumes)) {
    yield* labelsOf(['volumes', key], labels);
    if (isReservedVolume(name))
      yield {
        path: ['volumes', key],
        message: `${name} is a name reserved for lobbie's volumes`,
        hint: 'Only lobbie mounts such a volume: it holds a ledger or secrets. Choose another name.',
      };
  }
};

function* imagesOf(
  path: Path,
  project: string,
  name: string,
  { image, build }: ComposeConfig['services'][string],
): Generator<Finding> {
  const named = image || `${project}-${name}`;
  const hint = !image ? 'Set another name: image: <name>' : 'Choose another name.';
  if (isReservedImage(named))
    yield { path: [...path, 'image'], message: `${named} is a name reserved for lobbie's images`, hint };
  for (const tag of (build?.tags ?? []).filter(isReservedImage))
    yield {
      path: [...path, 'build', 'tags'],
      message: `${tag} is a name reserved for lobbie's images`,
      hint: 'Choose another name.',
    };
}

function* labelsOf(path: Path, labels: Readonly<Record<string, string>> = {}): Generator<Finding> {
  for (const label of Object.keys(labels).filter(isReservedLabel))
    yield {
      path: [...path, 'labels', label],
      message: 'only lobbie sets labels that begin with "dev.lobbie."',
      hint: 'Remove it, or rename it.',
    };
}
