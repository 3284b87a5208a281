import {
  duration,
  durationForEngine,
  listOf,
  mapWith,
  number,
  numberForEngine,
  orNothing,
  pairs,
  replicaCount,
  sizeText,
  text,
  textForEngine,
  textOrNumber,
  textSet,
  wholeNumber,
  wholeNumberForEngine,
  word,
  wordList,
} from './forms.ts';
import { ignoredKey, key, requiredKey } from './key-doc.ts';

const failureAction = (...words: readonly string[]) => textForEngine(wordList(words), (value) => words.includes(value));

/** The engine's number is signed, and of 32 bits on some machines. */
const count = () => wholeNumberForEngine('a whole number from 0 to 2147483647', 0, 2_147_483_647);

/** How long lobbie itself waits: as long as any timeout of the ingress. */
const wait = () => durationForEngine('0s', '24d');

const update = () =>
  mapWith({
    parallelism: key(count(), 'How many replicas change at a time; 0: all at once.'),
    order: key(
      word('start-first', 'stop-first'),
      'Whether the new container starts before the old one stops.',
      'Unsaid, it follows from what the service publishes and mounts, see [Order](#order).',
    ),
    delay: key(wait(), 'Pause between one batch and the next.'),
    monitor: key(wait(), 'How long a new replica is watched after its health gate.'),
    failure_action: key(
      failureAction('rollback', 'pause', 'continue'),
      'What happens when a replica fails: `rollback`, `pause` or `continue`.',
      'Unsaid, `rollback`: everything goes back to what ran before (Docker Compose ignores it).',
    ),
    max_failure_ratio: key(numberForEngine('a number from 0 to 1', 0, 1), 'Part of the replicas that may fail.'),
  });

const rollback = () =>
  mapWith({
    parallelism: key(count(), 'How many replicas change back at a time; 0: all at once.'),
    delay: key(wait(), 'Pause between one batch and the next.'),
    order: key(word('start-first', 'stop-first'), 'As in `update_config`.', 'Follows `update_config`.'),
    monitor: key(duration(), 'As in `update_config`.', 'Not used: what ran before is known to work.'),
    failure_action: key(
      failureAction('pause', 'continue'),
      'As in `update_config`.',
      'Not used: lobbie tries all of it, and says what could not be restored.',
    ),
    max_failure_ratio: key(number(), 'As in `update_config`.', 'Not used.'),
  });

const deviceRequests = () =>
  listOf(
    mapWith({
      capabilities: requiredKey(textSet(), 'What the devices must be able to do: `gpu`.'),
      driver: key(text(), 'Driver, such as `nvidia`.'),
      count: key(textOrNumber('a number or "all"'), 'How many; `all` for all. Not together with `device_ids`.'),
      device_ids: key(textSet(), 'Which ones.'),
      options: key(pairs(), 'Options of the driver.'),
    }),
    'a list of devices',
  );

const resources = () =>
  mapWith({
    limits: key(
      mapWith({
        cpus: key(number(), 'CPUs, such as `0.5`.'),
        memory: key(sizeText(), 'Memory, such as `512M`.'),
        pids: key(wholeNumber(), 'Processes.'),
      }),
      'What a container may use.',
    ),
    reservations: key(
      mapWith({
        cpus: key(number(), 'CPUs.', 'Not used, as in Docker Compose: one engine cannot promise them.'),
        memory: key(sizeText(), 'Memory that the engine keeps for it when short.'),
        devices: key(deviceRequests(), 'Devices such as GPUs.'),
        generic_resources: ignoredKey(
          listOf(
            mapWith({
              discrete_resource_spec: key(
                mapWith({ kind: key(text(), 'Kind.'), value: key(number(), 'How many.') }),
                'A countable resource.',
              ),
            }),
            'a list of resources',
          ),
          'Resources of a Swarm node.',
          'only Swarm has such resources',
        ),
      }),
      'What a container is given.',
    ),
  });

const placement = () =>
  mapWith({
    constraints: key(listOf(text(), 'a list of constraints'), 'Which nodes.'),
    preferences: key(
      listOf(mapWith({ spread: key(text(), 'Label to spread over.') }), 'a list of maps with spread'),
      'How to spread.',
    ),
    max_replicas_per_node: key(wholeNumber(), 'How many on one node.'),
  });

/** How a service is deployed. */
export const deploy = () =>
  orNothing(
    mapWith({
      replicas: key(replicaCount(), 'How many containers.'),
      update_config: key(update(), 'How a new version takes over.'),
      rollback_config: key(rollback(), 'How the old version comes back when the new one fails.'),
      resources: key(resources(), 'Limits and reservations.'),
      restart_policy: key(
        mapWith({
          condition: key(
            text(),
            '`none`, `on-failure` or `any`.',
            'Unsaid, `any`, as the specification has it; Docker Compose restarts nothing then.',
          ),
          delay: key(duration(), 'Pause before a restart.', 'Not used: the engine has its own, growing pause.'),
          max_attempts: key(count(), 'How often, with `on-failure`.'),
          window: key(duration(), 'When a restart has succeeded.', 'Not used: the engine has no such window.'),
        }),
        'When a container is restarted; it wins over `restart`.',
      ),
      labels: key(pairs(), 'Labels of a Swarm service.', 'Not used, as in Docker Compose: use `labels`.'),
      mode: key(text(), '`replicated` or `global`.', '`global` means one replica: there is one engine.'),
      placement: ignoredKey(placement(), 'Which nodes of a Swarm.', 'there is one engine, not a Swarm'),
      endpoint_mode: ignoredKey(text(), 'How a Swarm spreads connections.', 'the ingress spreads the requests'),
    }),
    'a map',
  );
