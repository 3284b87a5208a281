import { describe, expect, it } from 'vitest';
import { lobbieExtensions } from '../../../src/compose/project/x-lobbie.ts';
import { checkFile } from '../../../src/compose/schema/check-file.ts';
import { describeService } from '../../../src/compose/schema/describe-keys.ts';

/** How lobbie reads an extension that passes the check. */
function read(extension: Readonly<Record<string, unknown>>) {
  const service = { command: null, entrypoint: null, 'x-lobbie': extension };
  expect(checkFile({ services: { api: service } }).problems).toEqual([]);
  return lobbieExtensions({ name: 'test', services: { api: service } }).get('api');
}

describe('x-lobbie of a service', () => {
  it('is read exactly as it is checked', () => {
    const extension = {
      replicas: 3,
      report: '/version',
      discovery: 'replicas',
      ingress: {
        health: '/ready',
        ports: [9090],
        drain_timeout: '2m',
        max_error_ratio: 0.05,
        min_requests: 50,
        hold_timeout: '30s',
        client_timeout: '1h',
        server_timeout: '1500.4ms',
        outage_timeout: '5s',
        trusted_proxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
        proxy_protocol: 'v2',
      },
    };
    expect(read(extension)).toEqual({
      ...extension,
      ingress: {
        health: '/ready',
        ports: [9090],
        drain_timeout: 120_000,
        max_error_ratio: 0.05,
        min_requests: 50,
        hold_timeout: 30_000,
        client_timeout: 3_600_000,
        server_timeout: 1500,
        outage_timeout: 5000,
        trusted_proxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
        proxy_protocol: 'v2',
      },
    });
    const keys = describeService()
      .find(({ title }) => title === 'x-lobbie')
      ?.keys[0]?.below.map(({ name }) => name.split('.').slice(1));
    const said = (path: readonly string[]) =>
      path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), extension);
    expect(keys?.filter((path) => said(path) === undefined)).toEqual([]);
  });

  it('ignores keys that begin with x-', () => {
    expect(read({ 'x-mine': 1, replicas: 2, ingress: { 'x-mine': [], ports: [9090] } })).toEqual({
      replicas: 2,
      ingress: { ports: [9090] },
    });
  });

  it.each([
    [true, true],
    ['yes', true],
    ['On', true],
    [false, false],
    ['n', false],
  ])('knows that %j asks for an ingress: %j', (ingress, wanted) => {
    expect(read({ ingress })).toEqual({ ingress: { wanted } });
  });

  it('accepts text where a variable was replaced', () => {
    expect(read({ replicas: '3', ingress: { ports: ['9090'] } })).toEqual({ replicas: 3, ingress: { ports: [9090] } });
  });

  it.each([
    ['max_error_ratio', 1.5, 'expected a number from 0 to 1, got 1.5'],
    ['max_error_ratio', -0.1, 'expected a number from 0 to 1, got -0.1'],
    ['max_error_ratio', '5%', 'expected a number from 0 to 1, got "5%"'],
    ['min_requests', 0, 'expected a whole number from 1 to 1000000000, got 0'],
    ['min_requests', 2.5, 'expected a whole number from 1 to 1000000000, got 2.5'],
    ['min_requests', '1000000001', 'expected a whole number from 1 to 1000000000, got "1000000001"'],
  ])('refuses %s: %s', (name, value, message) => {
    const service = { command: null, entrypoint: null, 'x-lobbie': { ingress: { [name]: value } } };
    const { problems } = checkFile({ services: { api: service } });
    expect(problems).toMatchObject([{ path: `services.api.x-lobbie.ingress.${name}`, message }]);
  });

  it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0', 'proxy', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/x', ''])(
    'takes no proxy by the address "%s"',
    (address) => {
      const service = { 'x-lobbie': { ingress: { trusted_proxies: ['10.0.0.0/8', address] } } };
      expect(checkFile({ services: { api: service } }).problems).toEqual([
        {
          path: 'services.api.x-lobbie.ingress.trusted_proxies[1]',
          message: `expected an address or a subnet such as "10.0.0.0/8", got "${address}"`,
        },
      ]);
    },
  );

  it('accepts no other version of the PROXY protocol', () => {
    const service = { 'x-lobbie': { ingress: { proxy_protocol: 'v3' } } };
    expect(checkFile({ services: { api: service } }).problems).toEqual([
      { path: 'services.api.x-lobbie.ingress.proxy_protocol', message: 'expected "v1" or "v2", got "v3"' },
    ]);
  });

  it('may be empty', () => {
    expect(read({})).toEqual({});
  });
});
