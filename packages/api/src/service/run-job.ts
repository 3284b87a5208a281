import type { z } from 'zod';
import { parseConfig } from './parse-config.ts';
import { failureOf, type ServiceProcess } from './run-service.ts';

/** The parts of the process that a job uses. */
export interface JobProcess extends Pick<ServiceProcess, 'env' | 'stderr' | 'exit'> {
  readonly stdout: { write(text: string): unknown };
}

/**
 * Runs work before a service starts, such as migrations: reads the configuration, does the work, prints one line with
 * the result, and exits with 0. Exits with 1 if it fails. A StartError is printed in one line.
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
