import type { EngineEndpoint } from '../model/engine.ts';
import { type ErrorCode, LobbieError } from '../model/errors.ts';
import { RefusedAnswer, UnexpectedAnswer } from './engine-answer.ts';
import { foreignAnswer, foreignProtocol } from './foreign-answer.ts';
import { readRefusal } from './read-refusal.ts';
import { refusedSetting, withoutRuntime } from './refused-setting.ts';
import { versionRefusal } from './version-refusal.ts';

/**
 * The only place where a failure between lobbie and an engine becomes a LobbieError. `doing` follows "could not", such
 * as `start container "web-1"`. Returns an aborted signal's own LobbieError unchanged.
 */
export function engineError(
  error: unknown,
  doing: string,
  endpoint: EngineEndpoint,
  signal?: AbortSignal,
): LobbieError {
  if (signal?.aborted) return interruption(signal, doing);
  if (error instanceof LobbieError) return error;
  if (isConnectionError(error)) {
    return new LobbieError(
      'ENGINE_UNREACHABLE',
      `The engine at ${endpoint.url} went away: could not ${doing} (${messageOf(error)}).`,
      { hint: `Check that the engine runs: docker -H ${endpoint.url} version`, cause: error },
    );
  }
  if (error instanceof UnexpectedAnswer) return foreignAnswer(error, doing, endpoint);
  const foreign = error instanceof Error ? foreignProtocol(error, doing, endpoint) : undefined;
  if (foreign !== undefined) return foreign;
  const words = messageOf(error).trim();
  const version = versionRefusal(words, endpoint);
  if (version !== undefined) return version;
  if (error instanceof RefusedAnswer && !error.isFromEngine)
    return foreignAnswer({ status: error.statusCode, body: error.body }, doing, endpoint);
  return refusal(words, doing, error);
}

/** An engine's refusal as an error, from its message; also for a failure that is a line in a stream. */
export function refusal(words: string, doing: string, cause?: unknown): LobbieError {
  const { code, why, hint, details, isLasting = false, port } = explain(words);
  return new LobbieError(code, `Could not ${doing}: ${why}`, {
    ...(hint !== undefined && { hint }),
    ...(details !== undefined && { details }),
    ...(cause !== undefined && { cause }),
    facts: {
      refusal: readRefusal(words, { why, isLasting }),
      ...(port !== undefined && { port: { published: port } }),
    },
  });
}

interface Explained {
  readonly code: ErrorCode;
  readonly why: string;
  readonly hint?: string;
  readonly details?: readonly string[];
  readonly isLasting?: boolean;
  readonly port?: number | undefined;
}

function explain(words: string): Explained {
  const details = [words];
  if (/no space left on device|disk quota exceeded/i.test(words)) {
    const hint =
      'See what uses the space: docker system df\nRemove unused data: docker system prune (stopped containers, unused networks, dangling images, build cache)';
    return { code: 'DISK_FULL', why: "no space left on the engine's disk.", hint, details };
  }
  const taken = takenPort(words);
  if (taken !== undefined) {
    const hint = 'Find out what uses it (docker ps; sudo ss -ltnp) and stop it, or publish another port.';
    return { code: 'PORT_IN_USE', why: `${taken.name} is already in use.`, hint, details, port: taken.port };
  }
  const [, name, holder = ''] = /container name "\/?([^"]+)" is already in use by container "?(\w*)/i.exec(words) ?? [];
  if (name !== undefined) {
    const why = `the name "${name}" belongs to another container (${holder.slice(0, 12)}).`;
    const hint = `Inspect it: docker inspect ${name}\nThen rename it (docker rename ${name} ${name}-old) or remove it (docker rm -f ${name}): lobbie does not touch containers that it did not create.`;
    return { code: 'NAME_TAKEN', why, hint };
  }
  const setting = refusedSetting(words);
  if (setting !== undefined) return { ...setting, details, isLasting: true };
  const why = withoutRuntime(words);
  return { code: 'ENGINE_ERROR', why: sentence(why), ...(why !== words && { details }) };
}

/** The error of an aborted operation: the signal's own LobbieError, or `INTERRUPTED`. */
export function interruption(signal: AbortSignal, doing: string): LobbieError {
  if (signal.reason instanceof LobbieError) return signal.reason;
  return new LobbieError('INTERRUPTED', `Interrupted: did not ${doing}.`, { cause: signal.reason });
}

/** Matches the engine's message that a port is taken: the words before its address, and the address. */
const ADDRESS = /(?:Bind for|listen (?:tcp|udp)[46]?|exposing port (?:TCP|UDP)|bind host port(?: for)?) (\S+)/i;

/** The port in the engine's message, such as `port 0.0.0.0:8080`; undefined if the message is about something else. */
function takenPort(words: string): { name: string; port?: number } | undefined {
  if (/all ports are allocated/i.test(words)) return { name: 'every port of the range' };
  // Without a port, the message is about a static address.
  const [before = '', after] = words.split(/address already in use/i, 2);
  const inUse = after !== undefined && /bind|port|listen/i.test(before);
  if (!inUse && !/port is already allocated|ports are not available/i.test(words)) return undefined;
  const [, word = ''] = ADDRESS.exec(words) ?? [];
  const [port] = IPV6_PORT.exec(word) ?? /^(?:\[[^\]]+\]|[^:]*):\d+/.exec(word) ?? [];
  if (port === undefined) return { name: 'the port to publish' };
  return { name: `port ${port.replace(IPV6_PORT, '[$1]:$2')}`, port: Number(port.slice(port.lastIndexOf(':') + 1)) };
}

/** An IPv6 address without brackets, and the port. */
const IPV6_PORT = /^([\da-f]*:[\da-f:.]*):(\d+)$/i;

const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EACCES',
  'EPERM',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Whether an error comes from the connection, not from the engine. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof RefusedAnswer) return false;
  return CONNECTION_ERRORS.has(codeOf(error) ?? '') || /socket hang up|aborted/.test(error.message);
}

/** The code of a system error, such as `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || (codeOf(error) ?? error.name) : String(error);
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
