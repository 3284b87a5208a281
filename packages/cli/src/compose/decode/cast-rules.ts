import { compileRules } from '../rules.ts';

/** Converts text to a number or boolean; the value is undefined if that is not possible. */
export interface Cast {
  (text: string): { readonly value: number | boolean | undefined; readonly warning?: string };
  /** The expected form in words: `a whole number`. */
  readonly expects: string;
}

const toInteger: Cast = Object.assign(
  (text: string) => ({
    value: /^[-+]?[0-9]+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined,
  }),
  { expects: 'a whole number' },
);

const toNumber: Cast = Object.assign(
  (text: string) => ({
    value: /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]+)?$/i.test(text) ? Number(text) : undefined,
  }),
  { expects: 'a number' },
);

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ...['y', 'yes', 'on'].map((word): [string, boolean] => [word, true]),
  ...['n', 'no', 'off'].map((word): [string, boolean] => [word, false]),
]);

/** `true` and `false`. The words of YAML 1.1 give a warning. */
export const toBoolean: Cast = Object.assign(
  (text: string) => {
    const value = BOOLEANS.get(text.toLowerCase());
    const isOld = value !== undefined && !/^(true|false)$/i.test(text);
    return isOld ? { value, warning: `"${text}" means ${value}: use ${value}` } : { value };
  },
  { expects: 'true or false' },
);

const service = (keys: readonly string[], cast: Cast): Record<string, Cast> =>
  Object.fromEntries(keys.map((key) => [`services.*.${key}`, cast]));

/** The places where text becomes a number or a boolean, with or without quotes: the table of compose-go's loader. */
export const castRules = compileRules<Cast>({
  ...service(
    [
      'cpu_count',
      'cpu_period',
      'cpu_quota',
      'cpu_rt_period',
      'cpu_rt_runtime',
      'cpu_shares',
      'deploy.replicas',
      'deploy.update_config.parallelism',
      'deploy.rollback_config.parallelism',
      'deploy.restart_policy.max_attempts',
      'deploy.placement.max_replicas_per_node',
      'healthcheck.retries',
      'oom_score_adj',
      'pids_limit',
      'ports.[].target',
      'scale',
      'ulimits.*',
      'ulimits.*.hard',
      'ulimits.*.soft',
    ],
    toInteger,
  ),
  ...service(
    ['cpu_percent', 'cpus', 'deploy.update_config.max_failure_ratio', 'deploy.rollback_config.max_failure_ratio'],
    toNumber,
  ),
  ...service(
    [
      'init',
      'healthcheck.disable',
      'oom_kill_disable',
      'privileged',
      'read_only',
      'stdin_open',
      'tty',
      'volumes.[].read_only',
      'volumes.[].volume.nocopy',
    ],
    toBoolean,
  ),
  ...Object.fromEntries(
    ['external', 'internal', 'attachable', 'enable_ipv4', 'enable_ipv6'].map((key) => [`networks.*.${key}`, toBoolean]),
  ),
  'volumes.*.external': toBoolean,
  'secrets.*.external': toBoolean,
  'configs.*.external': toBoolean,
});
