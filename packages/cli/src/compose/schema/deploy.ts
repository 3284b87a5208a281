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

/** The engine's number is signed, with 32 bits on some machines. */
const count = () => wholeNumberForEngine('a whole number from 0 to 2147483647', 0, 2_147_483_647);

/** How long lobbie itself waits. The longest is the same as for the ingress's timeouts. */
const wait = () => durationForEngine('0s', '24d');

const update = () =>
  mapWith({
    parallelism: key(count(), 'How many replicas change at a time. 0 means all at once.'),
    order: key(
      word('start-first', 'stop-first'),
      'Whether the new container starts before the old one stops.',
      'By default, it depends on what the service publishes and mounts: see [Order](#order).',
    ),
    delay: key(wait(), 'Pause between batches.'),
    monitor: key(wait(), 'How long to watch a new replica after its health gate.'),
    failure_action: key(
      failureAction('rollback', 'pause', 'continue'),
      'What happens when a replica fails: `rollback`, `pause` or `continue`.',
      'Default: `rollback`, which restores everything that ran before. (Docker Compose ignores this key.)',
    ),
    max_failure_ratio: key(numberForEngine('a number from 0 to 1', 0, 1), 'Share of the replicas that may fail.'),
  });

const rollback = () =>
  mapWith({
    parallelism: key(count(), 'How many replicas change back at a time. 0 means all at once.'),
    delay: key(wait(), 'Pause between batches.'),
    order: key(word('start-first', 'stop-first'), 'As in `update_config`.', 'Follows `update_config`.'),
    monitor: key(duration(), 'As in `update_config`.', 'Not used: the previous version is known to work.'),
    failure_action: key(
      failureAction('pause', 'continue'),
      'As in `update_config`.',
      'Not used: lobbie restores as much as it can, and reports what it could not restore.',
    ),
    max_failure_ratio: key(number(), 'As in `update_config`.', 'Not used.'),
  });

const deviceRequests = () =>
  listOf(
    mapWith({
      capabilities: requiredKey(textSet(), 'Required capabilities of the devices: `gpu`.'),
      driver: key(text(), 'Driver, such as `nvidia`.'),
      count: key(textOrNumber('a number or "all"'), 'How many; `all` for all. Cannot be combined with `device_ids`.'),
      device_ids: key(textSet(), 'Ids of the devices.'),
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
      'The most that a container may use.',
    ),
    reservations: key(
      mapWith({
        cpus: key(number(), 'CPUs.', 'Not used, as in Docker Compose: a single engine cannot reserve CPUs.'),
        memory: key(sizeText(), 'Memory to keep for the container when memory is short.'),
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
      'Resources reserved for a container.',
    ),
  });

const placement = () =>
  mapWith({
    constraints: key(listOf(text(), 'a list of constraints'), 'Conditions for the node.'),
    preferences: key(
      listOf(mapWith({ spread: key(text(), 'Label to spread over.') }), 'a list of maps with spread'),
      'How to spread containers.',
    ),
    max_replicas_per_node: key(wholeNumber(), 'The most replicas on one node.'),
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
            'Default: `any`, as in the specification. (Docker Compose then restarts nothing.)',
          ),
          delay: key(duration(), 'Pause before a restart.', 'Not used: the engine waits longer after each restart.'),
          max_attempts: key(count(), 'The most restarts, with `on-failure`.'),
          window: key(
            duration(),
            'Time after which a restart counts as successful.',
            'Not used: the engine has no such window.',
          ),
        }),
        'When to restart a container. Overrides `restart`.',
      ),
      labels: key(pairs(), 'Labels of a Swarm service.', 'Not used, as in Docker Compose: use `labels`.'),
      mode: key(text(), '`replicated` or `global`.', '`global` means one replica, because there is one engine.'),
      placement: ignoredKey(placement(), 'Nodes of a Swarm.', 'there is one engine, not a Swarm'),
      endpoint_mode: ignoredKey(text(), 'How a Swarm distributes connections.', 'the ingress distributes the requests'),
    }),
    'a map',
  );
