// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose files, not of this program
import { describe, expect, it } from 'vitest';
import { parseState } from '../../../src/ingress/parse-state.ts';
import { renderHaproxyConfig } from '../../../src/ingress/render-haproxy-config.ts';
import type { IngressState } from '../../../src/model/ingress.ts';
import { ingressState } from '../../../src/plan/ingress-state.ts';
import { loadFrom } from '../load-from.ts';
import { readService } from '../project/read-project.ts';

/** The problems of a service with these keys: what cannot be read, and what cannot be deployed. */
async function wrongWith(yaml: string, env: Readonly<Record<string, string>> = {}) {
  const { problems, blockers } = await loadFrom(`services: {web: {image: x, ${yaml}}}`, { env });
  const lines = (told: typeof problems) => told.map(({ path, message }) => `${path}: ${message}`);
  return { problems: lines(problems), blockers: lines(blockers) };
}

/** Some keys deep in a service: `a.b` and `1` give `a: {b: 1}`. */
const under = (path: string, value: string): string => {
  const keys = path.split('.');
  return `${keys.join(': {')}: ${value}${'}'.repeat(keys.length - 1)}`;
};

const FINE = { problems: [], blockers: [] };

describe.each([
  ['drain_timeout', 'drainTimeoutMs', '0s', ['0', '0s', '0.4ms', '1ms']],
  ['hold_timeout', 'holdTimeoutMs', '1s', ['1s', '1000ms', '1.0004s']],
  ['outage_timeout', 'outageTimeoutMs', '1s', ['1s', '1000ms', '1.0004s']],
  ['client_timeout', 'clientTimeoutMs', '1s', ['1s', '1000ms', '1.0004s']],
  ['server_timeout', 'serverTimeoutMs', '1s', ['1s', '1000ms', '1.0004s']],
] as const)('the %s of an ingress', (key, field, least, fine) => {
  const path = `x-lobbie.ingress.${key}`;
  const refused = (value: string) => ({
    problems: [`services.web.${path}: expected a duration from ${least} to 24d, got "${value}"`],
    blockers: [],
  });

  it.each([...fine, '45s', '24d', '576h'])('may be %s, which is read back from the ingress as it is', async (value) => {
    expect(await wrongWith(under(path, `"${value}"`))).toEqual(FINE);
    expect(await wrongWith(under(path, '"${TIME}"'), { TIME: value })).toEqual(FINE);
    const service = await readService(under(path, `"${value}"`));
    const state: IngressState = ingressState(service, undefined);
    expect(state[field]).toSatisfy(Number.isInteger);
    expect(parseState(renderHaproxyConfig(state))).toEqual(state);
    const told = renderHaproxyConfig(state).matchAll(/(?:timeout \S+|hard-stop-after) (\d+)ms/g);
    for (const [, ms] of told) expect(Number(ms)).toBeLessThan(2 ** 31);
  });

  const small = least === '0s' ? ['-1ns', '-5s'] : ['0', '0s', '0.4ms', '999ms', '0.9999999s', '-5s'];
  it.each([...small, '576h0m0.000000001s', '25d', '30d', '400d', '99999d'])('may not be %s', async (value) => {
    expect(await wrongWith(under(path, `"${value}"`))).toEqual(refused(value));
    expect(await wrongWith(under(path, '"${TIME}"'), { TIME: value })).toEqual(refused(value));
    expect(await wrongWith(under(path, '"${TIME:-}"'), { TIME: value })).toEqual(refused(value));
  });

  it.each(['', '5', '5 s', '1000000d'.repeat(50)])('may not be "%s", which is no duration', async (value) => {
    const { problems } = await wrongWith(under(path, `"${value}"`));
    expect(problems).toEqual([expect.stringContaining(`services.web.${path}: expected a duration such as "5s", got`)]);
  });
});

it('reads an ingress that an older version gave timeouts that are refused now', () => {
  const older: IngressState = {
    service: 'web',
    ports: [],
    holdTimeoutMs: 0.4,
    outageTimeoutMs: 0.4,
    drainTimeoutMs: 0.4,
    clientTimeoutMs: 0,
    serverTimeoutMs: 0,
    slots: [null],
  };
  expect(parseState(renderHaproxyConfig(older))).toEqual(older);
});

describe('a duration that lobbie or the engine waits for', () => {
  const CHECK = 'a duration from 1ms to 36500d, or 0';
  const WAIT = 'a duration from 0s to 24d';
  const GRACE = 'a duration from 0s to 36500d';
  it.each([
    ['healthcheck.interval', CHECK, ['0', '0s', '1ms', '36500d'], ['-1s', '1ns', '999us', '0.4ms', '36501d']],
    ['healthcheck.timeout', CHECK, ['0', '0s', '1ms', '36500d'], ['-1s', '1ns', '999us', '0.4ms', '36501d']],
    ['healthcheck.start_period', CHECK, ['0', '0s', '1ms', '36500d'], ['-1s', '1ns', '999us', '0.4ms', '36501d']],
    ['healthcheck.start_interval', CHECK, ['0', '0s', '1ms', '36500d'], ['-1s', '1ns', '999us', '0.4ms', '36501d']],
    ['stop_grace_period', GRACE, ['0', '0s', '0.4ms', '30d', '36500d'], ['-1s', '36501d', '9223372036s']],
    ['deploy.update_config.delay', WAIT, ['0', '0s', '0.4ms', '24d'], ['-1s', '577h', '30d']],
    ['deploy.update_config.monitor', WAIT, ['0', '0s', '0.4ms', '24d'], ['-1s', '577h', '30d']],
    ['deploy.rollback_config.delay', WAIT, ['0', '0s', '0.4ms', '24d'], ['-1s', '577h', '30d']],
  ])('is read, and deployed within its range: %s', async (path, expected, fine, wrong) => {
    for (const value of fine) expect(await wrongWith(under(path, `"${value}"`)), value).toEqual(FINE);
    for (const value of wrong) {
      const told = { problems: [], blockers: [`services.web.${path}: expected ${expected}, got "${value}"`] };
      expect(await wrongWith(under(path, `"${value}"`))).toEqual(told);
      expect(await wrongWith(under(path, '"${TIME}"'), { TIME: value })).toEqual(told);
    }
  });

  it('has whole milliseconds', async () => {
    const service = await readService('healthcheck: {test: a, interval: 1.5ms, timeout: 2.0000004s}');
    expect(service.healthcheck).toMatchObject({ intervalMs: 2, timeoutMs: 2000 });
  });
});

describe('the number of retries of a healthcheck', () => {
  it.each(['0', '1', '2147483647'])('may be %s', async (value) => {
    expect(await wrongWith(`healthcheck: {retries: ${value}}`)).toEqual(FINE);
  });

  it.each(['2147483648', '9007199254740993', '1.5'])('may not be %s', async (value) => {
    const { problems, blockers } = await wrongWith(`healthcheck: {retries: ${value}}`);
    expect(problems).toEqual([]);
    expect(blockers).toEqual([
      `services.web.healthcheck.retries: expected a whole number from 0 to 2147483647, got ${value}`,
    ]);
  });
});

describe('a number that lobbie or the engine counts by', () => {
  const COUNT = 'a whole number from 0 to 2147483647';
  const RATIO = 'a number from 0 to 1';
  const PIDS = '1 to 4194304';
  it.each([
    ['deploy.update_config.parallelism', COUNT, ['0', '1', '2147483647'], ['-1', '2147483648']],
    ['deploy.rollback_config.parallelism', COUNT, ['0', '1', '2147483647'], ['-1', '2147483648']],
    ['deploy.restart_policy.max_attempts', COUNT, ['0', '1', '2147483647'], ['-1', '2147483648']],
    ['deploy.update_config.max_failure_ratio', RATIO, ['0', '0.5', '1'], ['-0.1', '1.1']],
    ['cpus', '0.01 or more', ['0', '0.01', '64'], ['0.009', '-1']],
    ['deploy.resources.limits.cpus', '0.01 or more', ['0', '0.01', '64'], ['0.009', '-1']],
    ['cpu_shares', '1 to 262144', ['0', '1', '262144'], ['-1', '262145']],
    ['pids_limit', PIDS, ['-1', '0', '1', '4194304'], ['4194305']],
    ['deploy.resources.limits.pids', PIDS, ['-1', '0', '1', '4194304'], ['4194305']],
    ['shm_size', '1 or more', ['0', '1', '64m'], ['-1']],
    ['ulimits.nofile', '-1 to 9007199254740991', ['-1', '0', '1048576'], ['-2']],
  ])('is read, and deployed within its range: %s', async (path, expected, fine, wrong) => {
    for (const value of fine) expect(await wrongWith(under(path, value)), value).toEqual(FINE);
    for (const value of wrong)
      expect(await wrongWith(under(path, value))).toEqual({
        problems: [],
        blockers: [`services.web.${path}: expected ${expected}, got ${value}`],
      });
  });

  it('is no soft limit above the hard one', async () => {
    for (const limit of ['{soft: 5, hard: 5}', '{soft: 5, hard: -1}', '{soft: -1, hard: -1}'])
      expect(await wrongWith(`ulimits: {nofile: ${limit}}`)).toEqual(FINE);
    for (const soft of [6, -1])
      expect((await wrongWith(`ulimits: {nofile: {soft: ${soft}, hard: 5}}`)).blockers).toEqual([
        `services.web.ulimits.nofile: soft is ${soft}, which is more than hard, 5`,
      ]);
  });

  it('is no number of restarts beyond what the engine counts', async () => {
    expect(await wrongWith('restart: "on-failure:999999999"')).toEqual(FINE);
    expect((await wrongWith('restart: "on-failure:9999999999"')).blockers).toHaveLength(1);
  });
});

describe('the number of replicas', () => {
  const EXPECTED = 'expected a whole number from 0 to 500';
  it.each(['x-lobbie.replicas', 'deploy.replicas', 'scale'])('may be up to 500: %s', async (path) => {
    for (const count of ['0', '1', '500', '"500"']) expect(await wrongWith(under(path, count))).toEqual(FINE);
  });

  it.each(['501', '1000000', '4294967297'])('may not be %s', async (count) => {
    const own = await wrongWith(under('x-lobbie.replicas', count));
    expect(own).toEqual({ problems: [`services.web.x-lobbie.replicas: ${EXPECTED}, got ${count}`], blockers: [] });
    for (const path of ['deploy.replicas', 'scale'])
      expect(await wrongWith(under(path, count))).toEqual({
        problems: [],
        blockers: [`services.web.${path}: ${EXPECTED}, got ${count}`],
      });
    const read = await wrongWith(under('deploy.replicas', '"${N}"'), { N: count });
    expect(read.blockers).toEqual([`services.web.deploy.replicas: ${EXPECTED}, got ${count}`]);
  });
});
