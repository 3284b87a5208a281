import { build } from './build.ts';
import { text, textLike } from './forms.ts';
import { ignoredKey, key } from './key-doc.ts';

const PULL_POLICY = /^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_(\d+[wdhms])+)$/;

/** Where the image of a service comes from. */
export const imageKeys = {
  image: key(
    text(),
    'Image to run; with `build`, the name that the result gets.',
    'Resolved to its digest at the deploy, so that a rollback starts the same image. The name of an image that another service builds means that build. The tag `latest` is warned about.',
  ),
  build: key(build(), 'How the image is made.', 'Built by BuildKit, and only where its content has changed.'),
  pull_policy: key(
    textLike('"always", "missing", "never" or "build"', (value) => PULL_POLICY.test(value)),
    'When the image is pulled: `always`, `missing` (unsaid), `never`, or `build`.',
    '`daily`, `weekly`, `every_…` and `refresh` mean `missing`; a warning says so.',
  ),
  pull_refresh_after: ignoredKey(
    text(),
    'When the image is pulled anew.',
    'nothing reads it, in Docker Compose neither; write `pull_policy`',
  ),
  platform: key(text(), 'Platform of the image, such as `linux/arm64`.'),
};
