import type { EngineEndpoint } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';

/** An answer from an address where a Docker Engine was expected. */
export interface ForeignAnswer {
  /** The HTTP status; undefined if only a part of the body is known. */
  readonly status?: number | undefined;
  readonly body: string;
  readonly isRedirect?: boolean;
}

/** How much of a body is examined. */
const LOOK_AT = 16_384;

/** How much of its text is shown. */
const SHOWN = 120;

/**
 * The error for an answer that does not come from a Docker Engine but from a proxy, another server, or an engine behind
 * TLS. Shows its text without markup on one line. The hint depends on the status and the text.
 */
export function foreignAnswer(answer: ForeignAnswer, doing: string, endpoint: EngineEndpoint): LobbieError {
  const { status } = answer;
  const body = answer.body.slice(0, LOOK_AT);
  const isPage = /^\s*<[!?a-z]/i.test(body);
  const words = wordsOf(body);
  const what = answer.isRedirect
    ? 'a redirect to another address'
    : isPage
      ? 'an HTML page'
      : body.trim() === ''
        ? 'no explanation'
        : 'text that is not JSON';
  return new LobbieError(
    'NOT_AN_ENGINE',
    `Could not ${doing}: the server at ${endpoint.url} is not a Docker Engine, but a proxy or something else. ` +
      `It sent ${status === undefined ? '' : `status ${status} with `}${what}${words === '' ? '.' : `: "${words}".`}`,
    { details: [`chosen by: ${endpoint.chosenBy}`], hint: hintOf(status, body, endpoint) },
  );
}

/** The same for a server that does not speak HTTP, or does not speak TLS as expected. */
export function foreignProtocol(error: Error, doing: string, endpoint: EngineEndpoint): LobbieError | undefined {
  const code = 'code' in error ? String(error.code) : '';
  const speaks = code.startsWith('HPE_') ? 'HTTP' : code === 'EPROTO' || code.startsWith('ERR_SSL_') ? 'TLS' : '';
  if (speaks === '') return undefined;
  return new LobbieError(
    'NOT_AN_ENGINE',
    `Could not ${doing}: the server at ${endpoint.url} is not a Docker Engine: it does not speak ${speaks}.`,
    { details: [`chosen by: ${endpoint.chosenBy}`], hint: checkAddress(endpoint), cause: error },
  );
}

/** The title of a page, or the text of a body without its markup. */
function wordsOf(body: string): string {
  const title = /<title[^>]{0,200}>([^<]{1,300})/i.exec(body)?.[1];
  const text =
    title ?? body.replace(/<(script|style)\b[^>]{0,200}>[^<]{0,4000}/gi, ' ').replace(/<[^>]{0,1000}>/g, ' ');
  const words = text
    .replace(/[\p{Cc}\p{Cf}\s"]+/gu, ' ')
    .trim()
    .replace(/[.:]{1,9}$/, '');
  return words.length > SHOWN ? `${words.slice(0, SHOWN).trimEnd()}…` : words;
}

function hintOf(status: number | undefined, body: string, endpoint: EngineEndpoint): string {
  if (/HTTP request (?:to an|was sent to) HTTPS (?:server|port)/i.test(body)) {
    return 'The engine wants TLS: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the directory of its certificates.';
  }
  if (status === 401 || status === 403 || status === 407) {
    return `It refuses lobbie: check what it allows, and that this works: docker -H ${endpoint.url} version`;
  }
  if (status !== undefined && status >= 500) {
    return `A proxy answers, but the engine behind it does not: start that engine, and check that this works: docker -H ${endpoint.url} version`;
  }
  return checkAddress(endpoint);
}

const checkAddress = ({ url, chosenBy }: EngineEndpoint): string =>
  `Check the address (${chosenBy}), and that this works: docker -H ${url} version`;
