import type { Duplex } from 'node:stream';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { patientTimer } from '../model/patient-timer.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/** One open conversation with HAProxy's Runtime API. */
export interface RuntimeSession {
  /**
   * Sends commands and gives their answers, in order. They are sent again when the session breaks half-way (a reload,
   * a restart), so each must mean the same when it is run twice. `INGRESS_FAILED` after `deadlineMs` without an answer,
   * and at once where the engine can never run what speaks to HAProxy, such as in a container that is gone.
   */
  run(commands: readonly string[]): Promise<string[]>;
  /** Speaks to the present worker from now on: after a reload the old one would still answer. */
  reconnect(): void;
  close(): void;
}

// What HAProxy writes after each answer in its interactive mode; no answer holds it.
const PROMPT = '\n> ';
/** How long HAProxy may take to answer, from the first try to the last: on a busy machine each takes seconds to start. */
const DEADLINE_MS = 60_000;
/** After so long without an answer the conversation is taken for broken, and begun again. */
const SILENCE_MS = 15_000;
/** What is kept of what socat says of a failure. */
const MOST_HEARD = 4096;

/** Opens a conversation with the HAProxy in a running container; connects with the first command. */
export const openRuntimeSession = (engine: Engine, containerId: string, deadlineMs = DEADLINE_MS): RuntimeSession => {
  let open: Promise<Conversation> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const attempt = async (commands: readonly string[], timeoutMs: number): Promise<string[]> => {
    open ??= converse(engine, containerId);
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
    const until = performance.now() + deadlineMs;
    for (;;) {
      if (closed) throw new LobbieError('INGRESS_FAILED', 'The conversation with the ingress was closed.');
      try {
        return await attempt(commands, Math.max(100, Math.min(SILENCE_MS, until - performance.now())));
      } catch (cause) {
        if (isLasting(cause)) {
          throw new LobbieError('INGRESS_FAILED', `lobbie cannot speak to the ingress. ${cause.message}`, {
            ...(cause.hint !== undefined && { hint: cause.hint }),
            details: cause.details,
            cause,
          });
        }
        if (performance.now() >= until) {
          const last = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
          const message = `The ingress did not answer "${commands[0]}" in ${deadlineMs} ms (${last}).`;
          throw new LobbieError('INGRESS_FAILED', message, {
            hint: `Run \`docker logs ${containerId.slice(0, 12)}\` to see what HAProxy says.`,
            cause,
          });
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
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

/** A refusal of the engine's that says what to change does not pass by itself; others may, as while the container restarts. */
const isLasting = (error: unknown): error is LobbieError =>
  error instanceof LobbieError && error.code === 'ENGINE_ERROR' && error.hint !== undefined;

interface Conversation {
  ask(commands: readonly string[], timeoutMs: number): Promise<string[]>;
  end(): void;
}

const converse = async (engine: Engine, containerId: string): Promise<Conversation> => {
  let heard = '';
  const stream = await engine.openExec(containerId, ['socat', '-', `UNIX-CONNECT:${RUNTIME_SOCKET}`], (stderr) => {
    heard = (heard + stderr.toString()).slice(-MOST_HEARD);
  });
  const conversation: Conversation = {
    ask: (commands, timeoutMs) => readAnswers(stream, commands, timeoutMs, () => lastOf(heard)),
    end: () => stream.destroy(),
  };
  // Errors of an idle stream are met by the next command.
  stream.on('error', () => {});
  await conversation.ask(['prompt'], SILENCE_MS);
  return conversation;
};

const ended = (said: string): Error =>
  new Error(`the connection to the runtime socket ended${said === '' ? '' : `: ${said}`}`);

/** What socat said last, without its time and process: `connect(5, …): Connection refused`. */
const lastOf = (heard: string): string =>
  (heard.trim().split('\n').at(-1) ?? '').replace(/^\S+ \S+ socat\[\d+\] \w /, '');

const readAnswers = (
  stream: Duplex,
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
    const stop = patientTimer(timeoutMs, () => settle(() => reject(new Error(`no answer in ${timeoutMs} ms`))));
    if (stream.destroyed || stream.readableEnded || !stream.writable) return onEnd();
    stream.on('data', onData).on('close', onEnd).on('end', onEnd).on('error', onError);
    stream.write(`${commands.join('\n')}\n`);
  });
