import { describe, expect, it } from 'vitest';
import { lobbieExtensions } from '../../../src/compose/project/x-lobbie.ts';
import { checkFile } from '../../../src/compose/schema/check-file.ts';
import { describeService } from '../../../src/compose/schema/describe-keys.ts';

/** What lobbie reads of an extension that the check has nothing to say against. */
function read(extension: Readonly<Record<string, unknown>>) {
  const service = { command: null, entrypoint: null, 'x-lobbie': extension };
  expect(checkFile({ services: { api: service } }).problems).toEqual([]);
  return lobbieExtensions({ name: 'test', services: { api: service } }).get('api');
}

describe('x-lobbie of a service', () => {
  it('is read as it is checked, to the last key', () => {
    const extension = {
      replicas: 3,
      report: '/version',
      ingress: {
        health: '/ready',
        ports: [9090],
        drain_timeout: '2m',
        hold_timeout: '30s',
        client_timeout: '1h',
        server_timeout: '500ms',
      },
    };
    expect(read(extension)).toEqual({
      ...extension,
      ingress: {
        health: '/ready',
        ports: [9090],
        drain_timeout: 120_000,
        hold_timeout: 30_000,
        client_timeout: 3_600_000,
        server_timeout: 500,
      },
    });
    const keys = describeService()
      .find(({ title }) => title === 'x-lobbie')
      ?.keys[0]?.below.map(({ name }) => name.split('.').slice(1));
    const said = (path: readonly string[]) =>
      path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), extension);
    expect(keys?.filter((path) => said(path) === undefined)).toEqual([]);
  });

  it('takes text where a variable was put in', () => {
    expect(read({ replicas: '3', ingress: { ports: ['9090'] } })).toEqual({ replicas: 3, ingress: { ports: [9090] } });
  });

  it('may say nothing', () => {
    expect(read({})).toEqual({});
  });
});
