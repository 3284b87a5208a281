import { isAlive } from '../model/is-alive.ts';
import type { Connection } from './connection.ts';
import { containerOf, inspectContainer } from './containers.ts';
import { engineError, refusal } from './engine-error.ts';

/**
 * `Engine.waitContainer`. The engine answers each time the container ends, even if its restart policy starts it again.
 * Then this waits for the next end.
 */
export async function waitContainer(connection: Connection, container: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const exitCode = await nextEnd(connection, container, signal);
    const now = await inspectContainer(connection, container);
    // A container that removed itself has ended as well.
    if (now === undefined || !isAlive(now)) return exitCode;
  }
}

async function nextEnd(connection: Connection, container: string, signal: AbortSignal): Promise<number> {
  const doing = `wait for container "${container}"`;
  const ended = containerOf(connection, container).wait({ abortSignal: signal });
  const { StatusCode, Error: failure } = await connection.ask<WaitAnswer>(doing, ended, signal);
  if (failure?.Message) throw refusal(failure.Message, doing);
  // An engine that goes away meanwhile ends its answer without content.
  if (StatusCode === undefined) throw engineError(new Error('aborted'), doing, connection.endpoint);
  return StatusCode;
}

interface WaitAnswer {
  readonly StatusCode?: number;
  readonly Error?: { readonly Message?: string } | null;
}
