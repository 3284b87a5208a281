import { describe, expect, it } from 'vitest';
import { configHash } from '../../src/commands/config-hash.ts';

const service = {
  image: 'web:1',
  command: ['serve', '--password=hunter22'],
  labels: { motto: 'open sesame at once' },
  environment: {
    GATE_TOKEN: 'open sesame',
    LOG_LEVEL: 'info',
    DB_PASSWORD: '1234',
    URL: 'pg://u:1234@db',
    EMPTY: null,
  },
  build: { context: '.', args: { NPM_TOKEN: '1234', MODE: 'fast' } },
};

describe('configHash', () => {
  it('is the same for the same, and another for every change that may be seen', () => {
    const hashes = [
      service,
      { ...service, image: 'web:2' },
      { ...service, environment: { ...service.environment, LOG_LEVEL: 'debug' } },
      { ...service, environment: { ...service.environment, API_KEY: 'new' } },
      { ...service, build: { ...service.build, args: { ...service.build.args, MODE: 'slow' } } },
    ].map(configHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(configHash(structuredClone(service))).toBe(hashes[0]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a variable', { environment: { ...service.environment, DB_PASSWORD: '9999' } }],
    ['a URL', { environment: { ...service.environment, URL: 'pg://u:9999@db' } }],
    ['a build arg', { build: { ...service.build, args: { ...service.build.args, NPM_TOKEN: '9999' } } }],
    [
      'a label that repeats a variable',
      {
        environment: { ...service.environment, GATE_TOKEN: 'shut sesame' },
        labels: { motto: 'shut sesame at once' },
      },
    ],
    ['a command', { command: ['serve', '--password=hunter23'] }],
  ])('says nothing of the secret in %s, which could be guessed from it', (_, change) => {
    expect(configHash({ ...service, ...change })).toBe(configHash(service));
  });
});
