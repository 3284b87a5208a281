import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';

const LOG_LINES = 20;

/** The end of a container's log, to show with a failure. */
export interface LastLog {
  readonly lines: readonly string[];
  /** The lines as details of an error, or why they cannot be read. */
  readonly details: readonly string[];
  /** How to get a log, if it cannot be read. */
  readonly hint?: string;
}

/** Reads the last lines of a container's log. If that fails, the failure is still reported without them. */
export async function lastLog(engine: Engine, container: string, service: string): Promise<LastLog> {
  const lines: string[] = [];
  try {
    for await (const { text } of engine.logs(container, { tail: LOG_LINES })) lines.push(text);
  } catch (error) {
    if (lines.length === 0) return unreadable(error, service);
  }
  const last = lines.slice(-LOG_LINES);
  return {
    lines: last,
    details: last.length === 0 ? ['log          (it wrote nothing)'] : ['log', ...last.map((line) => `  ${line}`)],
  };
}

function unreadable(error: unknown, service: string): LastLog {
  if (keepsNoLog(error))
    return {
      lines: [],
      details: ['log          (cannot be read: its logging driver does not store logs)'],
      hint: `To see its log here, set logging.driver of service ${service} to json-file or local.`,
    };
  const why = error instanceof Error ? error.message : String(error);
  return { lines: [], details: [`log          (cannot be read: ${why.replace(/\.$/, '')})`] };
}

/** Whether a log cannot be read because the container's logging driver, such as `none`, does not store logs. */
export const keepsNoLog = (error: unknown): boolean =>
  error instanceof LobbieError && error.facts.refusal?.reason === 'log-not-stored';
