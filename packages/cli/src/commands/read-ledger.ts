import { findLedger } from '../ledger/find-ledger.ts';
import type { CommandContext } from './context.ts';

/** Finds the ledger of the command's project, and lets the mask of the output learn the secrets in it. */
export function readLedger({
  engine,
  projectName,
  secrets,
}: Pick<CommandContext, 'engine' | 'projectName' | 'secrets'>): ReturnType<typeof findLedger> {
  const reading = findLedger(engine, projectName);
  secrets.learnFrom(reading.then(({ ledger: { state } }) => [state.current?.project, state.running?.project]));
  return reading;
}
