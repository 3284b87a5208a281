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
          'What is waited for.',
        ),
        required: key(strictFlag(), 'Whether the service has to be there; unsaid, it has.'),
        restart: key(flag(), 'A new container of the dependency means a new one of this service.'),
      }),
      'a map',
    ),
  );

/** Docker Compose accepts any text with two such characters in a row; the engine checks the whole name. */
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

/** What a healthcheck runs, as a list. */
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

/** The engine takes no less than a millisecond; 0 is what the image says, or else its own default. */
const checkDuration = () => durationForEngine('1ms', LONGEST, { zero: true });

const healthcheck = () =>
  mapWith({
    test: key(
      oneOf(TEST, text(), checkCommand()),
      '`["CMD", …]` runs a program, `["CMD-SHELL", line]` or a text a shell, `["NONE"]` nothing.',
    ),
    interval: key(checkDuration(), 'From one check to the next; unsaid, as the image says, or else 30 s.'),
    timeout: key(checkDuration(), 'How long a check may take; unsaid, as the image says, or else 30 s.'),
    retries: key(
      countForEngine(MOST_RETRIES),
      'How many failures in a row make it unhealthy; unsaid, as the image says, or else 3.',
    ),
    start_period: key(
      checkDuration(),
      'How long failures do not count after the start; unsaid, as the image says, or else 0.',
    ),
    start_interval: key(checkDuration(), 'From one check to the next in that time.'),
    disable: key(flag(), "No healthcheck, not even the image's."),
  });

/** When containers start, are healthy, stop, and what they log. */
export const lifecycleKeys = {
  depends_on: key(dependsOn(), 'Services that start before this one.'),
  healthcheck: key(
    healthcheck(),
    'How it is known that a container works.',
    'At a deploy lobbie runs the check itself, at once and every 250 ms, and waits at most start_period + retries × (interval + timeout).',
  ),
  restart: key(
    textForEngine('"no", "always", "unless-stopped" or "on-failure[:N]"', (value) =>
      /^(|no|always|unless-stopped|on-failure(:\d{1,9})?)$/.test(value),
    ),
    '`"no"`, `always`, `unless-stopped`, `on-failure` or `on-failure:5`.',
    'Unsaid, `"no"`; `deploy.restart_policy` wins over it; both as in Docker Compose. A service with `"no"` that another one waits for to complete is a job: it runs once a release. Unsaid, a service that ends later than its gate has stopped, and the next deploy starts it again; with `"no"` and exit status 0 it has completed.',
  ),
  stop_signal: key(text(), 'Signal that asks the process to end.'),
  stop_grace_period: key(durationForEngine('0s', LONGEST), 'How long it has before it is killed; 10 s unless said.'),
  deploy: key(deploy(), 'Replicas, updates and resources.'),
  scale: key(replicaCount(), 'How many containers; the same as `deploy.replicas`.'),
  container_name: key(
    containerName(),
    'Name of the container.',
    'The ingress holds the name and answers to it, so the service still rolls without a gap.',
  ),
  profiles: key(textSet('a list of profiles'), 'The service is there only where one of these profiles is on.'),
  extends: key(
    oneOf(
      'the name of a service, or a map',
      text(),
      mapWith({
        service: requiredKey(text(), 'Which service.'),
        file: key(text(), 'In which file; unsaid, in this one.'),
      }),
    ),
    'Take over what another service says.',
  ),
  logging: key(
    mapWith({
      driver: key(text(), 'Logging driver of the engine.'),
      options: key(mapOf(orNothing(textOrNumber(), 'text or a number'), 'a map'), 'Its options.'),
    }),
    "Where the container's output goes.",
  ),
  attach: key(flag(), 'Whether `docker compose up` shows the output.', 'Not used: `lobbie logs` shows it.'),
  develop: key(
    orNothing(mapOf(anything(), 'a map'), 'a map'),
    'For `docker compose watch`.',
    'Not used, as by `docker compose up`.',
  ),
  post_start: refusedKey(
    hooks(),
    'Commands in the container after its start.',
    'Run them in the entrypoint, or in a job that others wait for with `service_completed_successfully`.',
  ),
  pre_stop: refusedKey(
    hooks(),
    'Commands in the container before it stops.',
    'Do it in the process when `stop_signal` arrives; requests have been drained by then.',
  ),
  provider: refusedKey(
    mapOf(anything(), 'a map'),
    'A service run by another program.',
    'Start it outside of lobbie and reach it over a network.',
  ),
  models: refusedKey(anything(), 'AI models of Docker Desktop.', 'Run the model as a service.'),
};
