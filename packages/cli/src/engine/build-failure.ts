import { LobbieError } from '../model/errors.ts';
import { refusal } from './engine-error.ts';

/**
 * The error for a failed build, from the engine's message and the last output of the instruction that failed.
 *
 * @param doing such as `build web:1 from /srv/Dockerfile`
 */
export function buildFailure(
  words: string,
  doing: string,
  dockerfile: string,
  failed: { instruction: string | undefined; lines: readonly string[] },
): LobbieError {
  const reason = withoutCommand(words.replace(NOISE, '')).trim();
  if (/no space left on device/i.test([words, ...failed.lines].join('\n')))
    return refusal('no space left on device', doing);
  const where = failed.instruction === undefined ? '' : ` at "${failed.instruction}"`;
  return new LobbieError('IMAGE_BUILD_FAILED', `Could not ${doing}: it failed${where}: ${reason}`, {
    details: failed.lines,
    facts: { packagesUnreachable: [words, ...failed.lines].some((line) => NO_MIRROR.test(line)) },
    hint: `Correct ${dockerfile} and try again.`,
  });
}

/** The messages of apt when it cannot reach its servers. */
const NO_MIRROR =
  /Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection|Connection (?:failed|refused|timed out)|Failed to fetch|Some index files failed to download/i;

/** Prefixes about the internals of BuildKit. */
const NOISE =
  /^(?:failed to solve(?: with frontend \S+)?: |rpc error: code = \w+ desc = |failed to create LLB definition: |failed to (?:compute|calculate) (?:cache key|checksum of ref \S+): )+/;

/** The engine's message about a failed command, without the command: `exit code: 1`. */
function withoutCommand(words: string): string {
  const end = words.startsWith('executor failed running [') ? ']: ' : '" did not complete successfully: ';
  const runs = end === ']: ' || words.startsWith('process "');
  const at = words.lastIndexOf(end);
  return runs && at !== -1 ? words.slice(at + end.length) : words;
}
