import { z } from 'zod/mini';
import { deploy } from './deploy.ts';
import {
  anything,
  countForEngine,
  durationForEngine,
  flag,
  forEngine,
  listOf,
  mapOf,
  mapWith,
  namedMapOf,
  oneOf,
  orNothing,
  replicaCount,
  strictFlag,
  text,
  textForEngine,
  textOrNumber,
  textSet,
  word,
} from './forms.ts';
import { expecting, key, refusedKey, requiredKey } from './key-doc.ts';

const dependsOn = () =>
  oneOf(
    'a list of services or a map',
    textSet('a list of services'),
    namedMapOf(
      mapWith({
        condition: requiredKey(
          word('service_started', 'service_healthy', 'service_completed_successfully'),
          'The condition to wait for.',
        ),
        required: key(strictFlag(), 'Whether the service must exist. Default: true.'),
        restart: key(flag(), "Replace this service's containers when the dependency gets a new one."),
      }),
      'a map',
    ),
  );

/** Docker Compose accepts a name with any two allowed characters; the engine is strict. */
const containerName = () => {
  const expected = 'a name of two or more letters, digits, "_", "." and "-"';
  const isReadable = (value: string): boolean => /[a-zA-Z0-9][a-zA-Z0-9_.-]/.test(value);
  const isName = (value: string): boolean => /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(value);
  return expecting(
    z.string().check(
      z.refine(isReadable, { params: { expected } }),
      forEngine(expected, (value) => isName(value) || !isReadable(value)),
    ),
    expected,
  );
};

/** The command of a healthcheck, as a list. */
const checkCommand = () =>
  expecting(
    z.array(text()).check((context) => {
      const first = context.value[0];
      if (first === undefined || ['CMD', 'CMD-SHELL', 'NONE'].includes(first)) return;
      const params = { expected: '"CMD", "CMD-SHELL" or "NONE"' };
      context.issues.push({ code: 'custom', path: [0], input: first, params });
    }),
    'a list of text',
  );

const hooks = () => listOf(mapOf(anything(), 'a map'), 'a list of maps');

const TEST = 'text or a list that begins with "CMD", "CMD-SHELL" or "NONE"';

/** The engine counts nanoseconds up to 2^63, which is 292 years. */
const LONGEST = '36500d';
/** The engine's number is signed, and of 32 bits on some machines. */
const MOST_RETRIES = 2_147_483_647;

/** The engine accepts 1 ms or more. 0 means the image's value, or the engine's default. */
const checkDuration = () => durationForEngine('1ms', LONGEST, { zero: true });

const healthcheck = () =>
  mapWith({
    test: key(
      oneOf(TEST, text(), checkCommand()),
      '`["CMD", …]` runs a program, `["CMD-SHELL", line]` or text runs a shell, `["NONE"]` runs nothing.',
    ),
    interval: key(checkDuration(), "Time between checks. Default: the image's value, or 30 s."),
    timeout: key(checkDuration(), "Time limit of a check. Default: the image's value, or 30 s."),
    retries: key(
      countForEngine(MOST_RETRIES),
      "How many failures in a row make it unhealthy. Default: the image's value, or 3.",
    ),
    start_period: key(
      checkDuration(),
      "Time after the start in which failures do not count. Default: the image's value, or 0.",
    ),
    start_interval: key(checkDuration(), 'Time between checks during `start_period`.'),
    disable: key(flag(), "Run no healthcheck, not even the image's."),
  });

/** Start order, health, stop and logging of containers. */
export const lifecycleKeys = {
  depends_on: key(dependsOn(), 'Services that start before this one.'),
  healthcheck: key(
    healthcheck(),
    'How to check that a container works.',
    'During a deploy, lobbie runs the check itself, at once and then every 250 ms. It waits at most start_period + retries × (interval + timeout).',
  ),
  restart: key(
    textForEngine('"no", "always", "unless-stopped" or "on-failure[:N]"', (value) =>
      /^(|no|always|unless-stopped|on-failure(:\d{1,9})?)$/.test(value),
    ),
    '`"no"`, `always`, `unless-stopped`, `on-failure` or `on-failure:5`.',
    'Default: `"no"`. `deploy.restart_policy` overrides it, as in Docker Compose. A service with `"no"` is a job if another service waits for it to complete: it runs once per release. If the file does not set `restart` and the service ends after its gate, it counts as stopped, and the next deploy starts it again. With `"no"` and exit status 0 it counts as completed.',
  ),
  stop_signal: key(text(), 'Signal that asks the process to end.'),
  stop_grace_period: key(durationForEngine('0s', LONGEST), 'Time to end before it is killed. Default: 10 s.'),
  deploy: key(deploy(), 'Replicas, updates and resources.'),
  scale: key(replicaCount(), 'How many containers. The same as `deploy.replicas`.'),
  container_name: key(
    containerName(),
    'Name of the container.',
    'The ingress has the name and answers to it, so the service can be replaced without a gap.',
  ),
  profiles: key(
    textSet('a list of profiles'),
    'Profiles of the service. It is deployed only if one of them is active.',
  ),
  extends: key(
    oneOf(
      'the name of a service, or a map',
      text(),
      mapWith({
        service: requiredKey(text(), 'The service to extend.'),
        file: key(text(), 'The file with that service. Default: this file.'),
      }),
    ),
    'Copy the settings of another service.',
  ),
  logging: key(
    mapWith({
      driver: key(text(), 'Logging driver of the engine.'),
      options: key(mapOf(orNothing(textOrNumber(), 'text or a number'), 'a map'), 'Options of the logging driver.'),
    }),
    "Where the container's output goes.",
  ),
  attach: key(flag(), 'Whether `docker compose up` shows the output.', 'Not used: `lobbie logs` shows it.'),
  develop: key(
    orNothing(mapOf(anything(), 'a map'), 'a map'),
    'For `docker compose watch`.',
    'Not used, as in `docker compose up`.',
  ),
  post_start: refusedKey(
    hooks(),
    'Commands to run in the container after its start.',
    'Run them in the entrypoint, or in a job that other services wait for with `service_completed_successfully`.',
  ),
  pre_stop: refusedKey(
    hooks(),
    'Commands to run in the container before it stops.',
    'Do it in the process when it receives `stop_signal`. By then, requests have been drained.',
  ),
  provider: refusedKey(
    mapOf(anything(), 'a map'),
    'A service that another program runs.',
    'Start it outside lobbie and connect to it over a network.',
  ),
  models: refusedKey(anything(), 'AI models of Docker Desktop.', 'Run the model as a service.'),
};
