import { LobbieError } from '../model/errors.ts';
import type { Event } from '../model/events.ts';
import type { Receipt, ReceiptReplica, Result } from '../model/results.ts';
import type { Reporter } from './reporter.ts';

type Mask = (text: string) => string;

/**
 * The gate for all output: masks the secrets in everything before it reaches the reporter. Masks only free text, not
 * names and outcomes: a secret that is also one of lobbie's own words must not change what a program reads.
 */
export const maskOutput = (reporter: Reporter, mask: Mask): Reporter => ({
  event: (event) => reporter.event(maskEvent(event, mask)),
  result: (result) => reporter.result(maskResult(result, mask)),
  log: (line, ...rest) => reporter.log({ ...line, text: mask(line.text) }, ...rest),
  error: (error) => reporter.error(maskError(error, mask)),
  close: reporter.close,
});

function maskEvent(event: Event, mask: Mask): Event {
  switch (event.type) {
    case 'deploy-started':
      return { ...event, engine: mask(event.engine) };
    case 'image-progress':
      return { ...event, progress: { ...event.progress, message: mask(event.progress.message) } };
    case 'gate-waiting':
      return { ...event, lastCheck: mask(event.lastCheck) };
    case 'undo-started':
      return { ...event, because: mask(event.because) };
    case 'step-started':
      return { ...event, step: maskReason(event.step, mask) };
    case 'step-done': {
      const { step, result } = event;
      return { ...event, step: maskReason(step, mask), ...(result && { result: maskTexts(result, mask) }) };
    }
    case 'step-failed':
      return { ...event, step: maskReason(event.step, mask), message: mask(event.message) };
    case 'warning':
      return { ...event, message: mask(event.message) };
    case 'repairing':
    case 'image-done':
      return event;
    default:
      return event satisfies never;
  }
}

/** A reason may name the value that has changed. */
const maskReason = <Step extends { readonly reason: string }>(step: Step, mask: Mask): Step => ({
  ...step,
  reason: mask(step.reason),
});

function maskResult(result: Result, mask: Mask): Result {
  switch (result.type) {
    case 'receipt':
      return maskReceipt(result, mask);
    case 'plan':
      return {
        ...result,
        ...(result.notes && { notes: result.notes.map(mask) }),
        impacts: result.impacts.map((impact) => ({
          ...impact,
          notice: mask(impact.notice),
          changes: impact.changes.map(mask),
          ...(impact.advice !== undefined && { advice: mask(impact.advice) }),
        })),
      };
    case 'status': {
      const withProblem = <One extends { readonly problem: string | null }>(one: One): One => ({
        ...one,
        problem: one.problem === null ? null : mask(one.problem),
      });
      return {
        ...result,
        replicas: result.replicas.map(withProblem),
        ingresses: result.ingresses.map(withProblem),
        problems: result.problems.map(mask),
        warnings: result.warnings.map(mask),
      };
    }
    case 'down':
      return { ...result, removed: result.removed.map(mask), kept: result.kept.map(mask) };
    // `lobbie config` prints the project as it is, with its secrets.
    case 'config':
    case 'history':
    case 'ingress-image':
      return result;
    default:
      return result satisfies never;
  }
}

const maskReceipt = (receipt: Receipt, mask: Mask): Receipt => ({
  ...receipt,
  replicas: receipt.replicas.map((replica) => maskReplica(replica, mask)),
  warnings: receipt.warnings.map(mask),
  ...(receipt.error && {
    error: {
      ...receipt.error,
      message: mask(receipt.error.message),
      details: receipt.error.details.map(mask),
      ...(receipt.error.hint !== undefined && { hint: mask(receipt.error.hint) }),
    },
  }),
});

const maskReplica = (replica: ReceiptReplica, mask: Mask): ReceiptReplica => ({
  ...replica,
  ...(replica.answer !== undefined && { answer: mask(replica.answer) }),
  ...(replica.replaced?.answer !== undefined && {
    replaced: { ...replica.replaced, answer: mask(replica.replaced.answer) },
  }),
});

const maskTexts = <Texts extends object>(texts: Texts, mask: Mask): Texts =>
  // The cast is safe: only values that are text are replaced, by text.
  Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [key, typeof value === 'string' ? mask(value) : value]),
  ) as Texts;

/** A bug keeps its stack. Both its message and its stack may contain a secret. */
function maskError(error: unknown, mask: Mask): unknown {
  if (!(error instanceof Error)) return error === undefined ? error : mask(String(error));
  const masked =
    error instanceof LobbieError
      ? new LobbieError(error.code, mask(error.message), {
          details: error.details.map(mask),
          ...(error.hint !== undefined && { hint: mask(error.hint) }),
          ...(error.cause !== undefined && { cause: maskError(error.cause, mask) }),
        })
      : Object.assign(new Error(mask(error.message)), { name: error.name });
  masked.stack = mask(error.stack ?? '');
  return masked;
}
