import {
  flag,
  listOf,
  mapOf,
  mapWith,
  oneOf,
  oneOrMore,
  pairs,
  setOf,
  size,
  text,
  textLike,
  wholeNumber,
} from './forms.ts';
import { ignoredKey, key, refusedKey, requiredKey } from './key-doc.ts';
import { fileReferences } from './mounts.ts';

/** One limit for both, or a soft and a hard one. */
export const ulimits = () =>
  mapOf(
    oneOf(
      'a number, or a map with soft and hard',
      wholeNumber(),
      mapWith({
        soft: requiredKey(wholeNumber(), 'What a process starts with.'),
        hard: requiredKey(wholeNumber(), 'How far it may raise that.'),
      }),
    ),
    'a map of limits',
  );

/** Names of hosts and their addresses. */
export const extraHosts = () =>
  oneOf(
    'a list of "host=address" or a map',
    setOf(
      textLike('"host=address"', (value) => /[=:]/.test(value)),
      'a list of "host=address"',
    ),
    mapOf(oneOf('an address or a list of them', text(), listOf(text(), 'a list of addresses')), 'a map'),
  );

/** How the image of a service is made; a text is the context. */
export const build = () =>
  oneOf(
    'the path of a directory, or a map',
    text(),
    mapWith({
      context: key(
        text(),
        'Directory that is sent to the engine, relative to the project directory. Unsaid: that directory.',
        'A remote context (a URL) is refused: clone it first.',
      ),
      dockerfile: key(text(), 'Path of the Dockerfile, relative to the context.'),
      dockerfile_inline: key(text(), 'Text of the Dockerfile, instead of `dockerfile`.'),
      args: key(pairs(), 'Build arguments. A bare name takes its value from the environment.'),
      target: key(text(), 'Stage to build.'),
      labels: key(pairs(), 'Labels of the image.'),
      tags: key(listOf(text(), 'a list of names'), 'Further names of the image.'),
      network: key(text(), "Network of the build's containers: `host`, `none` or the name of one."),
      extra_hosts: key(extraHosts(), "Further lines of `/etc/hosts` in the build's containers."),
      shm_size: key(size(), "Size of `/dev/shm` in the build's containers."),
      no_cache: key(flag(), 'Build every layer anew, whenever the image is built.'),
      pull: key(flag(), 'Look for newer base images.', 'The same as `lobbie deploy --pull` for this one service.'),
      platforms: ignoredKey(
        listOf(text(), 'a list of platforms'),
        'Platforms to build for. One alone is built.',
        'of several platforms only `platform`, or else that of the engine, is built',
        (value) => Array.isArray(value) && value.length < 2,
      ),
      cache_from: ignoredKey(
        listOf(text(), 'a list of images'),
        'Where cached layers are looked for.',
        "only the engine's own cache is used",
      ),
      cache_to: ignoredKey(
        listOf(text(), 'a list of destinations'),
        'Where layers are exported to.',
        'no layers are exported',
      ),
      provenance: key(
        oneOf('text, true or false', text(), flag()),
        'Attestation of how the image was made.',
        'Not used: no attestation is made.',
      ),
      sbom: key(
        oneOf('text, true or false', text(), flag()),
        'List of what is in the image.',
        'Not used: no attestation is made.',
      ),
      ulimits: ignoredKey(
        ulimits(),
        "Limits of the build's containers.",
        'BuildKit takes no limits from the Engine API',
      ),
      isolation: refusedKey(text(), 'Isolation of Windows containers.', 'Remove it: lobbie builds Linux images.'),
      privileged: refusedKey(
        flag(),
        'Builds with full rights.',
        'Remove it, or build the image outside of lobbie and name it in `image`.',
      ),
      entitlements: refusedKey(
        listOf(text(), 'a list of rights'),
        'Extra rights of the build.',
        'Remove it, or build the image outside of lobbie and name it in `image`.',
      ),
      additional_contexts: refusedKey(
        pairs(),
        'Further directories for the build.',
        'Put what the build needs below `context`, or name an image with `FROM` in the Dockerfile.',
      ),
      no_cache_filter: refusedKey(oneOrMore(), 'Stages to build anew.', 'Use `no_cache: true`.'),
      secrets: refusedKey(
        fileReferences('Path in the build.'),
        'Secrets that the build sees.',
        'Build the image outside of lobbie (`docker build --secret`) and name it in `image`.',
      ),
      ssh: refusedKey(
        oneOf('text, a list or a map', text(), pairs()),
        'SSH keys that the build may use.',
        'Build the image outside of lobbie (`docker build --ssh`) and name it in `image`.',
      ),
    }),
  );
