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

/** One limit for both soft and hard, or one each. */
export const ulimits = () =>
  mapOf(
    oneOf(
      'a number, or a map with soft and hard',
      wholeNumber(),
      mapWith({
        soft: requiredKey(wholeNumber(), 'The limit at process start.'),
        hard: requiredKey(wholeNumber(), 'The highest limit that the process may set.'),
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

/** How to build the image of a service. Text means the context. */
export const build = () =>
  oneOf(
    'the path of a directory, or a map',
    text(),
    mapWith({
      context: key(
        text(),
        'Directory to send to the engine, relative to the project directory. Default: the project directory.',
        'Does not support a remote context (a URL): clone it first.',
      ),
      dockerfile: key(text(), 'Path of the Dockerfile, relative to the context.'),
      dockerfile_inline: key(text(), 'Text of the Dockerfile, instead of `dockerfile`.'),
      args: key(pairs(), 'Build arguments. A bare name takes its value from the environment.'),
      target: key(text(), 'Stage to build.'),
      labels: key(pairs(), 'Labels of the image.'),
      tags: key(listOf(text(), 'a list of names'), 'More names for the image.'),
      network: key(text(), "Network of the build's containers: `host`, `none` or a name."),
      extra_hosts: key(extraHosts(), "More lines in `/etc/hosts` in the build's containers."),
      shm_size: key(size(), "Size of `/dev/shm` in the build's containers."),
      no_cache: key(flag(), 'Build every layer again, without the cache.'),
      pull: key(flag(), 'Pull newer base images.', 'The same as `lobbie deploy --pull` for this service.'),
      platforms: ignoredKey(
        listOf(text(), 'a list of platforms'),
        'Platforms to build for. Only one is built.',
        "only `platform`, or the engine's platform, is built",
        (value) => Array.isArray(value) && value.length < 2,
      ),
      cache_from: ignoredKey(
        listOf(text(), 'a list of images'),
        'Images to take cached layers from.',
        "only the engine's own cache is used",
      ),
      cache_to: ignoredKey(
        listOf(text(), 'a list of destinations'),
        'Where to export layers to.',
        'no layers are exported',
      ),
      provenance: key(
        oneOf('text, true or false', text(), flag()),
        'Attestation of how the image was built.',
        'Not used: lobbie creates no attestation.',
      ),
      sbom: key(
        oneOf('text, true or false', text(), flag()),
        "List of the image's contents.",
        'Not used: lobbie creates no attestation.',
      ),
      ulimits: ignoredKey(
        ulimits(),
        "Limits of the build's containers.",
        'BuildKit accepts no limits through the Engine API',
      ),
      isolation: refusedKey(text(), 'Isolation of Windows containers.', 'Remove it: lobbie builds Linux images.'),
      privileged: refusedKey(
        flag(),
        'Builds with full privileges.',
        'Remove it, or build the image outside of lobbie and name it in `image`.',
      ),
      entitlements: refusedKey(
        listOf(text(), 'a list of rights'),
        'Additional privileges of the build.',
        'Remove it, or build the image outside of lobbie and name it in `image`.',
      ),
      additional_contexts: refusedKey(
        pairs(),
        'More directories for the build.',
        'Put what the build needs below `context`, or use an image with `FROM` in the Dockerfile.',
      ),
      no_cache_filter: refusedKey(oneOrMore(), 'Stages to build again without the cache.', 'Use `no_cache: true`.'),
      secrets: refusedKey(
        fileReferences('Path in the build.'),
        'Secrets for the build.',
        'Build the image outside of lobbie (`docker build --secret`) and name it in `image`.',
      ),
      ssh: refusedKey(
        oneOf('text, a list or a map', text(), pairs()),
        'SSH keys for the build.',
        'Build the image outside of lobbie (`docker build --ssh`) and name it in `image`.',
      ),
    }),
  );
