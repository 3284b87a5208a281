import { describe, expect, it } from 'vitest';
import type { ImageTraits } from '../../../src/model/image.ts';
import { dockerfileTraits } from '../../../src/rollout/images/dockerfile-traits.ts';

const BASE: ImageTraits = { exposedPorts: [80], volumes: ['/base'], hasHealthcheck: true };
const traits = (text: string, { args = {}, target }: { args?: Record<string, string>; target?: string } = {}) =>
  dockerfileTraits(text, args, target, (image) => (image === 'base:1' ? BASE : undefined));

describe('dockerfileTraits', () => {
  it('reads volumes, TCP ports and the healthcheck of the last stage, and what its base has', () => {
    expect(
      traits(
        'FROM other AS build\nVOLUME /build\nEXPOSE 1\nFROM base:1\nVOLUME /a /b\nVOLUME ["/c d"]\nEXPOSE 443 53/udp 8000-8002/tcp',
      ),
    ).toEqual({
      exposedPorts: [80, 443, 8000, 8001, 8002],
      volumes: ['/a', '/b', '/base', '/c d'],
      hasHealthcheck: true,
    });
  });

  it('writes volumes as the engine mounts them', () => {
    expect(traits('FROM base:1\nVOLUME /base/ /a//b/ /c/../d data\nVOLUME ["/e f/", "/d"]').volumes).toEqual([
      ...['/a/b', '/base', '/d', '/data', '/e f'],
    ]);
  });

  it('follows stages that start from others, and stops at the target', () => {
    const text = 'FROM base:1 AS one\nVOLUME /one\nFROM one AS two\nHEALTHCHECK NONE\nFROM two\nEXPOSE 9';
    expect(traits(text)).toEqual({ exposedPorts: [9, 80], volumes: ['/base', '/one'], hasHealthcheck: false });
    expect(traits(text, { target: 'one' })).toMatchObject({ hasHealthcheck: true, exposedPorts: [80] });
  });

  it('fills in args and environment, given, by default and of before the first FROM', () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: a Dockerfile's own
    const text = [
      'ARG TAG=0',
      'ARG WHERE=/data',
      'FROM base:${TAG}',
      'ARG PORT=1000',
      'ARG WHERE',
      'ENV ALSO="2000" OTHER=/other',
      'EXPOSE $PORT ${ALSO} ${MISSING} ${MISSING:-3000}',
      'VOLUME ${WHERE} $OTHER',
      'HEALTHCHECK --interval=5s CMD curl -f http://localhost/',
    ].join('\n');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: a Dockerfile's own
    expect(traits(text, { args: { TAG: '1', PORT: '4000' } })).toEqual({
      exposedPorts: [80, 2000, 3000, 4000],
      volumes: ['/base', '/data', '/other'],
      hasHealthcheck: true,
    });
  });

  it('fills in every form, also of an arg that has no value by default', () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: a Dockerfile's own
    const text = [
      'ARG TAG=$MISSING OTHER="a b"',
      'FROM base:${TAG:+1}',
      'ARG DATA="/my data"',
      'EXPOSE ${DATA:+4000} ${MISSING:+5000} ${DATA:-6000}',
      'VOLUME ["${DATA}", "${MISSING:-${DATA:+/d}}"]',
    ].join('\n');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: a Dockerfile's own
    expect(traits(text, { args: { TAG: 'x' } })).toEqual({
      exposedPorts: [80, 4000],
      volumes: ['/base', '/d', '/my data'],
      hasHealthcheck: true,
    });
  });
});
