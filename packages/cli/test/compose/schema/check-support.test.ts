import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkSupport } from '../../../src/compose/schema/check-support.ts';
import { problemLines } from './problem-lines.ts';

const blockers = (yaml: string): string[] => problemLines(checkSupport(parse(yaml)).blockers);
const warnings = (yaml: string): string[] => problemLines(checkSupport(parse(yaml)).warnings);
const NOT_SUPPORTED = 'is part of the Compose Specification, but lobbie does not support it';

describe('checkSupport', () => {
  it.each<[yaml: string, problem: string]>([
    ['models: {a: {model: b}}', 'models'],
    ['secrets: {a: {file: b, driver: c}}', 'secrets.a.driver'],
    ['services: {api: {gpus: all}}', 'services.api.gpus'],
    ['services: {api: {models: [a]}}', 'services.api.models'],
    ['services: {api: {provider: {type: a}}}', 'services.api.provider'],
    ['services: {api: {volumes_from: [a]}}', 'services.api.volumes_from'],
    ['services: {api: {post_start: [{command: a}]}}', 'services.api.post_start'],
    ['services: {api: {pre_stop: [{command: a}]}}', 'services.api.pre_stop'],
    ['services: {api: {build: {secrets: [a]}}}', 'services.api.build.secrets'],
    ['services: {api: {build: {ssh: [default]}}}', 'services.api.build.ssh'],
    ['services: {api: {build: {additional_contexts: [a=b]}}}', 'services.api.build.additional_contexts'],
    ['services: {api: {external_links: [a]}}', 'services.api.external_links'],
    ['services: {api: {volumes: [{type: image, target: /a, image: {subpath: b}}]}}', 'services.api.volumes[0].image'],
  ])('names what lobbie does not support, and what to do instead: %s', (yaml, path) => {
    const [line = '', ...more] = blockers(yaml);
    expect(line.startsWith(`${path}: ${NOT_SUPPORTED} [`)).toBe(true);
    expect(line).toMatch(/\[[A-Z][^[]+\.\]$|"\.\]$/);
    expect(more).toEqual([]);
  });

  it('says what to do instead of a build secret', () => {
    expect(blockers('services: {api: {build: {context: ., secrets: [npm]}}}')).toEqual([
      `services.api.build.secrets: ${NOT_SUPPORTED} [Build the image outside of lobbie (\`docker build --secret\`) and name it in \`image\`.]`,
    ]);
  });

  it.each(['include:', 'include: [a.yaml]', 'services: {api: {post_start: []}}'])(
    'has nothing to say of a key that says nothing: %s',
    (yaml) => {
      expect(blockers(yaml)).toEqual([]);
    },
  );

  it('finds nothing in an ordinary file', () => {
    const yaml = `
      services:
        api: {build: {context: ., platforms: [linux/arm64]}, secrets: [a], deploy: {replicas: 2}, develop: {watch: []}, x-other: 1}
      secrets: {a: {file: a}}
      x-anything: {gpus: all}`;
    expect(checkSupport(parse(yaml))).toEqual({ blockers: [], warnings: [] });
  });

  it.each<[yaml: string, warning: string]>([
    ['version: "3"', 'version: has no effect: the format no longer has versions'],
    [
      'services: {api: {deploy: {placement: {constraints: [a]}}}}',
      'services.api.deploy.placement: has no effect: there is one engine, not a Swarm',
    ],
    [
      'services: {api: {deploy: {endpoint_mode: vip}}}',
      'services.api.deploy.endpoint_mode: has no effect: the ingress distributes the requests',
    ],
    [
      'services: {api: {build: {cache_from: [a]}}}',
      "services.api.build.cache_from: has no effect: only the engine's own cache is used",
    ],
    [
      'services: {api: {build: {platforms: [linux/amd64, linux/arm64]}}}',
      "services.api.build.platforms: has no effect: only `platform`, or the engine's platform, is built",
    ],
    ['services: {api: {x-loby: {replicas: 2}}}', 'services.api.x-loby: is ignored; did you mean "x-lobbie"?'],
    ['x-lobby: {history: a}', 'x-lobby: is ignored; did you mean "x-lobbie"?'],
  ])('warns of what has no effect: %s', (yaml, warning) => {
    expect(warnings(yaml)).toEqual([warning]);
    expect(blockers(yaml)).toEqual([]);
  });

  it('ignores anything that is not a Compose file', () => {
    for (const tree of [
      null,
      5,
      'a',
      [],
      { services: [] },
      { services: { api: null } },
      { services: { api: { build: 'a', volumes: 5 } } },
    ])
      expect(checkSupport(tree)).toEqual({ blockers: [], warnings: [] });
  });
});
