import { text } from 'node:stream/consumers';
import type { Connection } from './connection.ts';
import { inspectContainer } from './containers.ts';
import { engineError, refusal } from './engine-error.ts';

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
    const { StatusCode, Error: failure } = JSON.parse(await text(answer)) as WaitAnswer;
    if (failure?.Message) throw refusal(failure.Message, doing);
    return StatusCode;
  } catch (error) {
    // The engine went away in the middle of its answer.
    const cause = error instanceof SyntaxError ? new Error('aborted', { cause: error }) : error;
    throw engineError(cause, doing, connection.endpoint, signal);
  }
}

interface WaitAnswer {
  readonly StatusCode: number;
  readonly Error?: { readonly Message?: string } | null;
}
