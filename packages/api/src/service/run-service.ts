import type { EventEmitter } from 'node:events';
import type { z } from 'zod';
import type { Service } from './build-service.ts';
import { parseConfig } from './parse-config.ts';
import { serve } from './serve.ts';
import type { ServiceConfig } from './service-config.ts';
import { StartError } from './start-error.ts';

/** The process, as far as a service uses it. */
export interface ServiceProcess extends EventEmitter {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: { write(text: string): unknown };
  exit(status: number): void;
}

/**
 * A service's whole life: configuration, building, listening, and an orderly end with the first signal. Exits with 0, or
 * with 1 when it could not start: a {@link StartError} or a port that cannot be had is told in one line.
 *
 * @param shape its environment variables, with those of `serviceShape` among them
 * @param portOf the port to listen on, where another variable than PORT says it
 */
export async function runService<Shape extends z.ZodRawShape>(
  process: ServiceProcess,
  shape: Shape & { [Name in keyof ServiceConfig]: z.ZodType<ServiceConfig[Name]> },
  build: (config: z.infer<z.ZodObject<Shape>>) => Promise<Service>,
  portOf: (config: z.infer<z.ZodObject<Shape>>) => number = (config) => (config as ServiceConfig).PORT,
): Promise<void> {
  try {
    const config = parseConfig<Shape>(shape, process.env);
    // The cast: the parameter's type asks for the variables of every service.
    const { HOST, SHUTDOWN_TIMEOUT_MS } = config as ServiceConfig;
    const service = await build(config);
    const serving = await serve(service, {
      host: HOST,
      port: portOf(config),
      signals: process,
      shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
    });
    await serving.stopped;
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${failureOf(error)}\n`);
    process.exit(1);
  }
}

/** What standard error is told of a failed start: one line where the person who starts can mend it, else a stack. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof StartError || isListenError(error) ? error.message : (error.stack ?? error.message);
}

const isListenError = (error: Error): boolean =>
  'syscall' in error && (error.syscall === 'listen' || error.syscall === 'bind');
