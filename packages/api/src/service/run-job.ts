import type { z } from 'zod';
import { parseConfig } from './parse-config.ts';
import { failureOf, type ServiceProcess } from './run-service.ts';

/** The process, as far as a job uses it. */
export interface JobProcess extends Pick<ServiceProcess, 'env' | 'stderr' | 'exit'> {
  readonly stdout: { write(text: string): unknown };
}

/**
 * A piece of work before a service starts, such as its migrations: configuration, the work, one line that says what came
 * of it, exit 0. Exits with 1 when it failed; a StartError is told in one line.
 */
export async function runJob<Shape extends z.ZodRawShape>(
  process: JobProcess,
  shape: Shape,
  work: (config: z.infer<z.ZodObject<Shape>>) => Promise<string>,
): Promise<void> {
  try {
    process.stdout.write(`${await work(parseConfig(shape, process.env))}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${failureOf(error)}\n`);
    process.exit(1);
  }
}
