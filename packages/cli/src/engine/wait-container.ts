import { text } from 'node:stream/consumers';
import type { Connection } from './connection.ts';
import { inspectContainer } from './containers.ts';
import { engineError, refusal } from './engine-error.ts';
import { NotJson } from './json-lines.ts';

/**
 * `Engine.waitContainer`. The engine answers at every end, also when its restart policy goes on; then this waits for the
 * next one.
 */
export async function waitContainer(connection: Connection, container: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const exitCode = await nextEnd(connection, container, signal);
    const now = await inspectContainer(connection, container);
    // One that removes itself has ended as well.
    if (now === undefined || (now.state !== 'restarting' && now.state !== 'running')) return exitCode;
  }
}

async function nextEnd(connection: Connection, container: string, signal: AbortSignal): Promise<number> {
  const doing = `wait for container "${container}"`;
  try {
    // As a stream: only that heeds the signal while the engine has answered and not yet said a thing.
    const answer = await connection.stream({
      doing,
      method: 'POST',
      path: `/containers/${encodeURIComponent(container)}/wait`,
      signal,
    });
    const { StatusCode, Error: failure } = parse(await text(answer));
    if (failure?.Message) throw refusal(failure.Message, doing);
    return StatusCode;
  } catch (error) {
    throw engineError(error, doing, connection.endpoint, signal);
  }
}

function parse(answer: string): WaitAnswer {
  try {
    return JSON.parse(answer);
  } catch (cause) {
    // An engine that went away in the middle of its answer has sent nothing, or the beginning of an object.
    throw /^\s*(?:\{|$)/.test(answer) ? new Error('aborted', { cause }) : new NotJson(answer);
  }
}

interface WaitAnswer {
  readonly StatusCode: number;
  readonly Error?: { readonly Message?: string } | null;
}
