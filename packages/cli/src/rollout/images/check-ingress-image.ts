import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { Duplex } from 'node:stream';
import { CONFIG_DIRECTORY, MASTER_SOCKET } from '../../ingress/render-haproxy-config.ts';
import { LobbieError } from '../../model/errors.ts';
import type { Surroundings } from '../given/surroundings.ts';

/** The oldest HAProxy that lobbie supports. */
const OLDEST = [3, 0] as const;

/** Marks the end of the answers. */
const ASKED = 'nothing more to say';
const SOCKETS = posix.dirname(MASTER_SOCKET);

/** Prints what the image contains, one fact on each line. Runs as the same user as the ingress. */
const QUESTIONS = [
  'haproxy -v 2>/dev/null | head -n 1',
  'command -v socat >/dev/null && echo "has socat"',
  `[ -w ${SOCKETS} ] && echo "has sockets"`,
  `echo '${ASKED}'`,
  'exec cat >/dev/null',
].join('\n');

/**
 * Checks that an image can run ingresses: HAProxy 3.0 or newer, socat, and the directories that both use. Runs it once,
 * without a network and without capabilities.
 *
 * @param subject the beginning of the error: `Image mine:1, which LOBBIE_INGRESS_IMAGE names,`
 * @throws LobbieError `INGRESS_IMAGE_UNFIT`
 */
export async function checkIngressImage(
  { engine, signal }: Pick<Surroundings, 'engine' | 'signal'>,
  image: string,
  subject: string,
): Promise<void> {
  const details = await engine.inspectImage(image);
  const answers = await answersOf({ engine, signal }, image).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof LobbieError) || error.code !== 'ENGINE_ERROR') throw error;
    throw unfit(subject, `cannot be run: ${error.message}`);
  });
  const [, major, minor] = /HAProxy version (\d+)\.(\d+)/.exec(answers) ?? [];
  const lacks: string[] = [];
  if (major === undefined) lacks.push('haproxy');
  else if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]))
    lacks.push(`haproxy ${OLDEST.join('.')} or newer (it has ${major}.${minor})`);
  if (!answers.includes('has socat')) lacks.push('socat');
  if (!answers.includes('has sockets')) lacks.push(`a directory ${SOCKETS} that its user may write to`);
  if (!details?.volumes.includes(CONFIG_DIRECTORY)) lacks.push(`a volume at ${CONFIG_DIRECTORY}`);
  if (lacks.length > 0) throw unfit(subject, `cannot run ingresses: it lacks ${lacks.join(', ')}.`);
}

/** The container ends when this process does, because it lives only while its stdin is open. */
async function answersOf({ engine, signal }: Pick<Surroundings, 'engine' | 'signal'>, image: string): Promise<string> {
  const id = await engine.createContainer({
    name: `lobbie-image-check-${randomUUID().slice(0, 8)}`,
    image,
    labels: {},
    entrypoint: ['sh', '-c', QUESTIONS],
    command: [],
    networks: [],
    autoRemove: true,
    // Its answers are read from its log, so it does not use the engine's default driver.
    logging: { driver: 'json-file', options: {} },
    stdinOnce: true,
    capDrop: ['ALL'],
    securityOpt: ['no-new-privileges'],
  });
  let stdin: Duplex | undefined;
  try {
    stdin = await engine.attach(id);
    stdin.on('error', () => undefined).resume();
    await engine.startContainer(id);
    const lines: string[] = [];
    for await (const { text } of engine.logs(id, { follow: true, signal })) {
      if (text === ASKED) break;
      lines.push(text);
    }
    signal.throwIfAborted();
    return lines.join('\n');
  } finally {
    await engine.removeContainer(id, { force: true });
    stdin?.destroy();
  }
}

const unfit = (subject: string, what: string): LobbieError =>
  new LobbieError('INGRESS_IMAGE_UNFIT', `${subject} ${what}`, {
    hint: 'Build a suitable one: lobbie ingress-image --dockerfile | docker build -t <name> -\nThen use it: LOBBIE_INGRESS_IMAGE=<name> lobbie …',
  });
