import { LobbieError } from '../../model/errors.ts';
import type { Event } from '../../model/events.ts';
import type { Project } from '../../model/project.ts';
import type { Receipt } from '../../model/results.ts';
import { redact, secretsOf } from '../../model/secrets.ts';

/** Keeps a project's secrets out of what others wrote: log lines, the output of checks and builds, the engine's words. */
export interface Redaction {
  event(event: Event): Event;
  receipt(receipt: Receipt): Receipt;
  error(error: unknown): unknown;
}

/** The redaction of projects, such as that deployed and that to be. Only free text is looked at: a secret that is a word of lobbie's own changes no outcome. */
export function redactionOf(projects: readonly Project[]): Redaction {
  const secrets = [...new Set(projects.flatMap(secretsOf))].toSorted((a, b) => b.length - a.length);
  const clean = (text: string): string => redact(text, secrets);
  return {
    event: (event) => (secrets.length === 0 ? event : cleanEvent(event, clean)),
    receipt: ({ error, ...receipt }) => ({
      ...receipt,
      warnings: receipt.warnings.map(clean),
      ...(error && { error: { ...error, ...cleanTold(error, clean) } }),
    }),
    error: (error) => {
      if (!(error instanceof LobbieError) || secrets.length === 0) return error;
      const { hint, details, message } = cleanTold(error, clean);
      // Without the cause where there was one: it says the same in words that nobody looked at.
      return new LobbieError(error.code, message, { details, facts: error.facts, ...(hint !== undefined && { hint }) });
    },
  };
}

function cleanEvent(event: Event, clean: (text: string) => string): Event {
  switch (event.type) {
    case 'image-progress':
      return { ...event, progress: { ...event.progress, message: clean(event.progress.message) } };
    case 'gate-waiting':
      return { ...event, lastCheck: clean(event.lastCheck) };
    case 'undo-started':
      return { ...event, because: clean(event.because) };
    case 'step-failed':
    case 'warning':
      return { ...event, message: clean(event.message) };
    default:
      return event;
  }
}

interface Told {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details: readonly string[];
}

const cleanTold = ({ message, hint, details }: Told, clean: (text: string) => string) => ({
  message: clean(message),
  details: details.map(clean),
  ...(hint !== undefined && { hint: clean(hint) }),
});
