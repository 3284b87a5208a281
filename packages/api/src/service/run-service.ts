import type { EventEmitter } from 'node:events';
import type { z } from 'zod';
import type { Service } from './build-service.ts';
import { parseConfig } from './parse-config.ts';
import { serve } from './serve.ts';
import type { ServiceConfig } from './service-config.ts';
import { StartError } from './start-error.ts';

/** The parts of the process that a service uses. */
export interface ServiceProcess extends EventEmitter {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: { write(text: string): unknown };
  exit(status: number): void;
}

/**
 * Runs a service: configuration, building, listening, and an orderly end at the first signal. Exits with 0, or with 1
 * if it could not start. A {@link StartError} or a port that is not available is printed in one line.
 *
 * @param shape its environment variables, including those of `serviceShape`
 * @param portName the variable with the port to listen on
 */
export async function runService<Shape extends z.ZodRawShape>(
  process: ServiceProcess,
  shape: Shape & { [Name in keyof ServiceConfig]: z.ZodType<ServiceConfig[Name]> },
  build: (config: z.infer<z.ZodObject<Shape>>) => Promise<Service>,
  portName: keyof Shape & string = 'PORT',
): Promise<void> {
  try {
    const config = parseConfig<Shape>(shape, process.env);
    // The casts: the parameters' types guarantee the variables of every service and one that is a port.
    const { HOST, SHUTDOWN_TIMEOUT_MS } = config as ServiceConfig;
    const port = (config as Record<string, unknown>)[portName] as number;
    const service = await build(config);
    const options = { host: HOST, port, signals: process, shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS };
    const serving = await serve(service, options).catch((error: unknown) => {
      throw toListenError(error, portName);
    });
    await serving.stopped;
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${failureOf(error)}\n`);
    process.exit(1);
  }
}

/** A {@link StartError} that names the variable to change if it cannot listen on an address. */
function toListenError(error: unknown, portName: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  if (!['listen', 'bind', 'getaddrinfo'].includes(String(error.syscall))) return error;
  const isPort = 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
  return new StartError(`${isPort ? portName : 'HOST'}: ${error.message}`);
}

/** The output of a failed start: one line if the user can fix it, otherwise a stack. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof StartError ? error.message : (error.stack ?? error.message);
}
