import { isAlive } from '../model/is-alive.ts';
import type { Connection } from './connection.ts';
import { containerOf, inspectContainer } from './containers.ts';
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
    if (now === undefined || !isAlive(now)) return exitCode;
  }
}

async function nextEnd(connection: Connection, container: string, signal: AbortSignal): Promise<number> {
  const doing = `wait for container "${container}"`;
  const ended = containerOf(connection, container).wait({ abortSignal: signal });
  const { StatusCode, Error: failure } = await connection.ask<WaitAnswer>(doing, ended, signal);
  if (failure?.Message) throw refusal(failure.Message, doing);
  // An engine that goes away while it waits ends its answer without a word.
  if (StatusCode === undefined) throw engineError(new Error('aborted'), doing, connection.endpoint);
  return StatusCode;
}

interface WaitAnswer {
  readonly StatusCode?: number;
  readonly Error?: { readonly Message?: string } | null;
}
