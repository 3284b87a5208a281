import type { Duplex } from 'node:stream';
import type { Clock } from '../model/clock.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { patientTimer } from '../model/patient-timer.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/** Where ingresses run: an engine, and the time. */
export interface IngressPlace {
  readonly engine: Engine;
  readonly clock: Clock;
}

/** An open connection to HAProxy's Runtime API. */
export interface RuntimeSession {
  /**
   * Sends commands and returns their answers, in order. If the session breaks halfway (a reload, a restart), it sends
   * them again, so each command must be safe to repeat. `INGRESS_FAILED` after `deadlineMs` without an answer, and at
   * once if the engine can never run the program that speaks to HAProxy, such as in a container that is gone.
   */
  run(commands: readonly string[]): Promise<string[]>;
  /** Connects to the current worker. After a reload, the old connection would still reach the old one. */
  reconnect(): void;
  close(): void;
}

// HAProxy writes this after each answer in interactive mode. No answer contains it.
const PROMPT = '\n> ';
/** How long HAProxy may take to answer, over all tries. On a busy machine each try takes seconds to start. */
const DEADLINE_MS = 60_000;
/** Without an answer for this long, the connection counts as broken and is opened again. */
const SILENCE_MS = 15_000;
/** The length kept of socat's error output. */
const MOST_HEARD = 4096;

/** Opens a session with the HAProxy in a running container. Connects with the first command. */
export const openRuntimeSession = (
  { engine, clock }: IngressPlace,
  containerId: string,
  deadlineMs = DEADLINE_MS,
): RuntimeSession => {
  let open: Promise<Conversation> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const attempt = async (commands: readonly string[], timeoutMs: number): Promise<string[]> => {
    open ??= converse({ engine, clock }, containerId);
    try {
      return await (await open).ask(commands, timeoutMs);
    } catch (error) {
      drop();
      throw error;
    }
  };
  const drop = (): void => {
    void open?.then(
      (conversation) => conversation.end(),
      () => {},
    );
    open = undefined;
  };
  const runNow = async (commands: readonly string[]): Promise<string[]> => {
    const until = clock.monotonicMs() + deadlineMs;
    for (;;) {
      if (closed) throw new LobbieError('INGRESS_FAILED', 'The connection to the ingress was closed.');
      try {
        return await attempt(commands, Math.max(100, Math.min(SILENCE_MS, until - clock.monotonicMs())));
      } catch (cause) {
        if (isLasting(cause)) {
          throw new LobbieError('INGRESS_FAILED', `lobbie cannot reach the ingress. ${cause.message}`, {
            ...(cause.hint !== undefined && { hint: cause.hint }),
            details: cause.details,
            cause,
          });
        }
        if (clock.monotonicMs() >= until) {
          const last = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
          const message = `The ingress did not answer "${commands[0]}" in ${deadlineMs} ms (${last}).`;
          throw new LobbieError('INGRESS_FAILED', message, {
            hint: `Run \`docker logs ${containerId.slice(0, 12)}\` to see what HAProxy says.`,
            cause,
          });
        }
        await clock.sleep(50);
      }
    }
  };
  return {
    run: (commands) => {
      const answers = last.then(() => runNow(commands));
      last = answers.catch(() => {});
      return answers;
    },
    reconnect: drop,
    close: () => {
      closed = true;
      drop();
    },
  };
};

/**
 * If the engine's refusal says what to change, retrying does not help. Other refusals may pass, such as during a
 * restart.
 */
const isLasting = (error: unknown): error is LobbieError =>
  error instanceof LobbieError && error.facts.refusal?.isLasting === true;

interface Conversation {
  ask(commands: readonly string[], timeoutMs: number): Promise<string[]>;
  end(): void;
}

const converse = async ({ engine, clock }: IngressPlace, containerId: string): Promise<Conversation> => {
  let heard = '';
  const stream = await engine.openExec(containerId, ['socat', '-', `UNIX-CONNECT:${RUNTIME_SOCKET}`], (stderr) => {
    heard = (heard + stderr.toString()).slice(-MOST_HEARD);
  });
  const conversation: Conversation = {
    ask: (commands, timeoutMs) => readAnswers({ stream, clock }, commands, timeoutMs, () => lastOf(heard)),
    end: () => stream.destroy(),
  };
  // The next command reports errors of an idle stream.
  stream.on('error', () => {});
  await conversation.ask(['prompt'], SILENCE_MS);
  return conversation;
};

const ended = (said: string): Error =>
  new Error(`the connection to the runtime socket ended${said === '' ? '' : `: ${said}`}`);

/** The last line of socat's output, without time and process: `connect(5, …): Connection refused`. */
const lastOf = (heard: string): string =>
  (heard.trim().split('\n').at(-1) ?? '').replace(/^\S+ \S+ socat\[\d+\] \w /, '');

const readAnswers = (
  { stream, clock }: { readonly stream: Duplex; readonly clock: Clock },
  commands: readonly string[],
  timeoutMs: number,
  heard: () => string,
): Promise<string[]> =>
  new Promise((resolve, reject) => {
    let received = '';
    const settle = (end: () => void): void => {
      stop();
      stream.off('data', onData).off('close', onEnd).off('end', onEnd).off('error', onError);
      end();
    };
    const onData = (chunk: Buffer): void => {
      received += chunk.toString('utf8');
      if (!received.endsWith(PROMPT)) return;
      const answers = received.split(PROMPT).slice(0, -1);
      if (answers.length >= commands.length) settle(() => resolve(answers.map((answer) => answer.trim())));
    };
    const onError = (error: unknown): void => settle(() => reject(error));
    const onEnd = (): void => onError(stream.errored ?? ended(heard()));
    const stop = patientTimer(clock, timeoutMs, () => settle(() => reject(new Error(`no answer in ${timeoutMs} ms`))));
    if (stream.destroyed || stream.readableEnded || !stream.writable) return onEnd();
    stream.on('data', onData).on('close', onEnd).on('end', onEnd).on('error', onError);
    stream.write(`${commands.join('\n')}\n`);
  });
