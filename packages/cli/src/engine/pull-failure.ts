import { LobbieError } from '../model/errors.ts';
import { refusal } from './engine-error.ts';
import { splitReference } from './image-reference.ts';

const UNREACHABLE =
  /no such host|dial tcp|i\/o timeout|timeout|connection refused|network is unreachable|no route to host|connection reset|TLS handshake|x509|server misbehaving|EOF$|Client\.Timeout/i;
const DENIED = /unauthorized|authentication required|denied|forbidden|no basic auth credentials|incorrect username/i;
const MISSING = /not found|manifest unknown|does not exist|name unknown|invalid reference/i;
const OTHER_PLATFORM = /no matching manifest for|does not match the specified platform/i;

/**
 * The error for an image that could not be pulled, with the reason from the engine's message and a hint.
 *
 * @param platform the requested one; undefined means the engine's own
 */
export function pullFailure(reference: string, words: string, loggedIn: boolean, platform?: string): LobbieError {
  const { registry } = splitReference(reference);
  if (/no space left on device/i.test(words)) return refusal(words, `pull image "${reference}"`);
  const fail = (why: string, hint: string): LobbieError =>
    new LobbieError('IMAGE_PULL_FAILED', `Image "${reference}" could not be pulled: ${why}.`, {
      hint,
      details: [words],
      facts: { image: reference },
    });

  if (OTHER_PLATFORM.test(words)) {
    return fail(
      `the registry ${registry} has it, but not for ${platform ?? "the engine's platform"}`,
      platform === undefined
        ? 'Name a tag that has it, or another platform: services.<name>.platform'
        : 'Correct the platform, or leave it out.',
    );
  }
  if (UNREACHABLE.test(words)) {
    return fail(
      `the registry ${registry} cannot be reached`,
      'Check the network, and the proxy of the engine. Without a network, load the image: docker load -i <file>',
    );
  }
  if (DENIED.test(words) && !loggedIn) {
    // Registries answer "denied" both for private images and for images that do not exist.
    return fail(
      `the registry ${registry} denies it, or has no such image`,
      `Check the name; if the image is private: docker login${registry === 'docker.io' ? '' : ` ${registry}`}`,
    );
  }
  if (DENIED.test(words)) {
    return fail(
      `the registry ${registry} denies it to the account that is logged in, or has no such image`,
      `Check the name and the account: docker login${registry === 'docker.io' ? '' : ` ${registry}`}`,
    );
  }
  if (MISSING.test(words)) return fail(`the registry ${registry} has no such image`, 'Check the name and the tag.');
  return fail(words.replace(/\.$/, ''), 'Check the name and the tag.');
}
