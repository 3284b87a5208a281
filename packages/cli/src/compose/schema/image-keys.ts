import { build } from './build.ts';
import { text, textLike } from './forms.ts';
import { ignoredKey, key } from './key-doc.ts';

const PULL_POLICY = /^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_(\d+[wdhms])+)$/;

/** Where the image of a service comes from. */
export const imageKeys = {
  image: key(
    text(),
    'Image to run. With `build`, the name of the result.',
    'Resolved to a digest at the deploy, so that a rollback starts the same image. If another service builds an image with this name, that build is used. Warns about the tag `latest`.',
  ),
  build: key(build(), 'How to build the image.', 'Built by BuildKit, only if its content has changed.'),
  pull_policy: key(
    textLike('"always", "missing", "never" or "build"', (value) => PULL_POLICY.test(value)),
    'When to pull the image: `always`, `missing` (default), `never`, or `build`.',
    'Treats `daily`, `weekly`, `every_…` and `refresh` as `missing`, with a warning.',
  ),
  pull_refresh_after: ignoredKey(
    text(),
    'When to pull the image again.',
    'neither lobbie nor Docker Compose reads it; use `pull_policy`',
  ),
  platform: key(text(), 'Platform of the image, such as `linux/arm64`.'),
};
